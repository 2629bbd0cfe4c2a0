"""The files of a tree, by git's rules, in a download without git's folder too."""

import subprocess
import tempfile
from pathlib import Path

FURTHER = ["--others", "--exclude-standard"]


def files(folder: Path = Path(), *, further: bool = True) -> list[str]:
    """The files that git knows, and `further` ones that it would take, by their paths below the folder."""
    with tempfile.TemporaryDirectory() as empty:
        own: list[str] = []
        if not (folder / ".git").exists():
            subprocess.run(["git", "init", "--quiet", "--bare", empty], check=True)
            own, further = [f"--git-dir={empty}", f"--work-tree={folder.absolute()}"], True
        command = ["git", *own, "ls-files", "-z", "--cached", *(FURTHER if further else [])]
        names = subprocess.check_output(command, cwd=folder, text=True)
    return [name for name in names.split("\0") if name]
