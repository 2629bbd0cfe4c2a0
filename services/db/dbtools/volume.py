"""Read, exchange and delete the data of volumes that no server uses.

Usage: python3 -m dbtools.volume major|disk|erase FOLDER
       python3 -m dbtools.volume room|exchange FOLDER FOLDER

A volume may be a disk of its own, so an exchange copies. It may be killed at any moment: `undo`, which each start of
the database calls, brings back what was there before, unless the new data is complete.
"""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Set
from pathlib import Path

from supervisor import run

# The former data while the new one is copied beside it: being gathered, complete, no longer needed.
GATHERED, FORMER, LEAVING = ".former-gathered", ".former", ".former-leaving"
LOCK = ".lock"  # services/db/run.toml
CHANGING = {"exchange", "erase"}  # the commands that must not meet a server
# What stays where it is: it belongs to a volume, not to its data.
FIXED = {GATHERED, FORMER, LEAVING, LOCK, "lost+found"}


def entries(folder: Path, fixed: Set[str] = FIXED) -> list[Path]:
    """The entries of a data directory."""
    return [path for path in folder.iterdir() if path.name not in fixed]


def remove(path: Path) -> None:
    """Remove a file or a folder, if it exists."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def empty(folder: Path, fixed: Set[str] = FIXED) -> None:
    """Remove the data of a volume."""
    for path in entries(folder, fixed):
        remove(path)


def erase(folder: Path) -> None:
    """Remove all that was in a volume."""
    empty(folder, {"lost+found"})


def copy(source: Path, target: Path) -> None:
    """Copy the entries of one data directory into another, and flush them to disk."""
    for path in entries(source):
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, target / path.name, symlinks=True)
        else:
            shutil.copy2(path, target / path.name, follow_symlinks=False)
    target.chmod(0o700)  # PostgreSQL refuses any other mode
    os.sync()


def exchange(first: Path, second: Path) -> None:
    """Exchange the data of two folders."""
    undo(first)
    remove(first / LEAVING)
    (first / GATHERED).mkdir()
    for path in entries(first):
        path.rename(first / GATHERED / path.name)
    (first / GATHERED).rename(first / FORMER)
    copy(second, first)
    (first / FORMER).rename(first / LEAVING)
    empty(second)
    copy(first / LEAVING, second)
    remove(first / LEAVING)


def require_unused(*folders: Path) -> None:
    """Lock data directories until this program ends. Exits if a server uses one."""
    for folder in folders:
        if fault := run.lock(folder / LOCK):
            sys.exit(fault)


def undo(folder: Path) -> None:
    """Bring the former data back where an exchange was interrupted before the new data was complete."""
    if (folder / FORMER).exists():
        empty(folder)
        (folder / FORMER).rename(folder / GATHERED)
    if (folder / GATHERED).exists():
        for path in entries(folder / GATHERED):
            path.rename(folder / path.name)
        (folder / GATHERED).rmdir()


def room(first: Path, second: Path) -> None:
    """Exit unless either folder's disk has room for the data of the other."""
    for source, target in [(first, second), (second, first)]:
        needed, free = size(source), shutil.disk_usage(target).free
        if needed > free:
            sys.exit(f"{needed / 1e6:.0f} MB are to be copied, {free / 1e6:.0f} MB of its disk are free - free more")


def size(folder: Path) -> int:
    """The bytes of all files in a folder, which a server may be writing to."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            total += path.lstat().st_size
    return total


def disk(folder: Path) -> None:
    """Print the number of the file system that a folder is on."""
    print(folder.stat().st_dev)


def major(folder: Path) -> None:
    """Print PostgreSQL's major version of a data directory, or nothing if it is empty."""
    version = folder / "PG_VERSION"
    print(version.read_text().strip() if version.exists() else "")


def main(command: str, *folders: str) -> None:
    """Run one command of the command line."""
    functions: list[Callable[..., None]] = [major, disk, room, exchange, erase]
    commands = {function.__name__: function for function in functions}
    try:
        if command in CHANGING:
            require_unused(*map(Path, folders))
        commands[command](*map(Path, folders))
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror} - look at its owner, who has to be user 10002, and at its disk")


if __name__ == "__main__":
    main(*sys.argv[1:])
