"""Remove from installed packages what the service cannot use. Usage: prune.py FOLDER LANGUAGE..."""

import importlib
import shutil
import sys
from pathlib import Path

folder, languages = Path(sys.argv[1]), sys.argv[2:]
# .po files are the sources of the .mo files.
for catalogue in folder.glob("**/locale/*/"):
    if catalogue.name not in languages:
        shutil.rmtree(catalogue)
for source in folder.glob("**/*.po"):
    source.unlink()
# nginx serves the collected ones.
for static in folder.glob("*/**/static/"):
    shutil.rmtree(static)
# psycopg2-binary brings a second OpenSSL of 8 MB; Debian's has the same interface and gets Debian's fixes.
for name in ["libcrypto", "libssl"]:
    for library in folder.glob(f"psycopg2_binary.libs/{name}-*.so.3"):
        library.unlink()
        library.symlink_to(f"/usr/lib/x86_64-linux-gnu/{name}.so.3")
sys.path.insert(0, str(folder))
importlib.import_module("psycopg2")
