"""The folders of the archive: whose they are, which base backups are in them, and which files may go.

Each data volume has its own folder, because all volumes start from one image and would use the same file names. Its
name begins with the pod's, because several pods may share a disk; nothing else on that disk is touched. In it, `wal`
holds what PostgreSQL archives, and `base` the base backups, named by the time of their end.
"""

import json
import os
import re
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

POD = os.environ.get("POD", "")
TIME = "%Y%m%dT%H%M%SZ"
SEGMENT_BYTES = 16 * 1024 * 1024  # PostgreSQL's default, wal_segment_size
LATEST = "latest"


def copies(volume: Path) -> list[Path]:
    """The finished base backups of one volume, the oldest first."""
    return sorted(volume.glob("base/2*Z"))


def is_own(path: Path) -> bool:
    """Whether a folder of the archive is named like one of this pod."""
    return bool(re.fullmatch(rf"{re.escape(POD)}-\d{{8}}T\d{{6}}Z", path.name))


def volumes(archive: Path) -> list[Path]:
    """The folders of this pod's data volumes."""
    return [path for path in archive.iterdir() if is_own(path) and path.is_dir()]


def others(archive: Path) -> list[str]:
    """The names of what this pod has not made. Each file system has lost+found."""
    return sorted(path.name for path in archive.iterdir() if not is_own(path) and path.name != "lost+found")


def bases(archive: Path) -> list[Path]:
    """The finished base backups of all data volumes of this pod, the oldest first."""
    return sorted((path for volume in volumes(archive) for path in copies(volume)), key=lambda path: path.name)


def prune(archive: Path, keep: int, current: Path) -> None:
    """Keep the newest base backups, and remove what they do not need; the current volume's folder stays."""
    for old in bases(archive)[:-keep]:
        shutil.rmtree(old)
    for volume in volumes(archive):
        if left := copies(volume):
            first = first_segment(left[0])
            for file in (volume / "wal").iterdir():
                if is_segment(file.name) and file.name[8:] < first[8:]:
                    file.unlink()
        elif volume != current:
            shutil.rmtree(volume)


def is_segment(name: str) -> bool:
    """Whether a file of the archive is a WAL segment; others describe timelines and backups."""
    return len(name) == 24 and "." not in name


def first_segment(path: Path) -> str:
    """The WAL segment with the first change that a base backup needs."""
    begin = json.loads((path / "backup_manifest").read_text())["WAL-Ranges"][0]
    high, low = (int(part, 16) for part in begin["Start-LSN"].split("/"))
    return f"{begin['Timeline']:08X}{high:08X}{low // SEGMENT_BYTES:08X}"


def chosen(archive: Path, moment: str) -> Path:
    """The newest base backup that ended before a moment. Exits if there is none."""
    found = bases(archive)
    wanted = found if moment == LATEST else [path for path in found if path.name < utc(moment)]
    if not wanted:
        first = f"the first one is of {found[0].name}" if found else f"there is none of the pod '{POD}'"
        sys.exit(f"no base backup was finished before {moment}, {first} - take one with: inv db.archive")
    return wanted[-1]


def utc(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(UTC):{TIME}}"
