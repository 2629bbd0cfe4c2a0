"""Remove from the installed packages what the service never uses. Usage: prune.py FOLDER LANGUAGE..."""

import importlib
import shutil
import sys
import sysconfig
from pathlib import Path

# Debian has a folder of libraries for each processor, named by its multiarch triplet.
LIBRARIES = sysconfig.get_config_var("MULTIARCH")
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
        library.symlink_to(f"/usr/lib/{LIBRARIES}/{name}.so.3")
sys.path.insert(0, str(folder))
importlib.import_module("psycopg2")
