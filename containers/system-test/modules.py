"""Lay out fetched packages as npm does: python3 modules.py LOCK ARCHIVES FOLDER. None of their scripts is run."""

import sys
import tarfile
from pathlib import Path

from npm import archive, locked


def main(lock: Path, archives: Path, folder: Path) -> None:
    """Unpack each package to the place that the lock gives it."""
    for place, name, version, _ in locked(lock):
        unpack(archives / archive(name, version), folder / place)


def unpack(file: Path, target: Path) -> None:
    """Unpack an archive without its first folder, which has a name of the packer's choice."""
    with tarfile.open(file) as packed:
        for member in packed:
            member.name = member.name.partition("/")[2]
            if member.name:
                packed.extract(member, target, filter="data")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
