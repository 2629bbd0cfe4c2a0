"""The file of a backup: a ZIP of `manifest.json` and `database.dump`, whose comment is the SHA-256 of all before it.

Any ZIP program opens it. A byte that is missing, added or changed anywhere is detected before anything is restored.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from invoke import Exit

from tasklib.database import inventory

FORMAT = 1  # a change that older tasks cannot read makes it larger
MANIFEST, DUMP = "manifest.json", "database.dump"
TIME = "%Y%m%dT%H%M%SZ"  # UTC, in names of files and volumes
CHECKSUM = len(hashlib.sha256().hexdigest())


@dataclass(frozen=True)
class Manifest:
    """The description of a backup, beside its dump."""

    project: str  # pod.yaml's name
    pod: str  # the copy's name
    time: str  # of the snapshot, ISO 8601 in UTC
    version: str  # of the server image: a commit
    content: inventory.Content
    format: int = FORMAT

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"content": self.content.as_json()}


def manifest(text: bytes) -> Manifest:
    """The description as it was written. Raises ValueError, KeyError, TypeError or AttributeError."""
    document = json.loads(text)
    # A newer format may have other fields, which are not needed to refuse it.
    if document["format"] > FORMAT:
        return Manifest("", "", "", "", inventory.Content(0, [], {}), document["format"])
    return Manifest(**document | {"content": inventory.from_json(document["content"])})


def name(pod: str, time: str) -> str:
    return f"{pod}-{time}.zip"


def newest_first(folder: Path, pod: str) -> list[Path]:
    """The files that are named like a backup of this pod."""
    pattern = re.compile(rf"{re.escape(pod)}-\d{{8}}T\d{{6}}Z\.zip")
    return sorted((path for path in folder.glob("*.zip") if pattern.fullmatch(path.name)), reverse=True)


@contextlib.contextmanager
def written(path: Path) -> Iterator[zipfile.ZipFile]:
    """A new file, readable by its owner only, that ends up complete on disk or absent. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    forget_drafts(path.parent)
    draft = path.with_name(f".{path.name}.draft")
    with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            with zipfile.ZipFile(file, "w") as archive:
                archive.comment = b"0" * CHECKSUM
                yield archive
            seal(file)
            draft.rename(path)
        except BaseException:
            draft.unlink()
            raise
    sync_folder(path.parent)


def seal(file: IO[bytes]) -> None:
    """Write the checksum into the comment, which is the end of the file, and flush the file to disk."""
    checksum = digest(file)
    file.seek(-CHECKSUM, os.SEEK_END)
    file.write(checksum.encode())
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Flush a new name in a folder to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def forget_drafts(folder: Path) -> None:
    """Remove the drafts of writers that were killed; a running writer holds a lock on its draft."""
    for draft in folder.glob(".*.zip.draft"):
        with contextlib.suppress(OSError), draft.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            draft.unlink()


def digest(file: IO[bytes]) -> str:
    """The SHA-256 of a file without the comment at its end."""
    left = file.seek(0, os.SEEK_END) - CHECKSUM
    file.seek(0)
    checksum = hashlib.sha256()
    while left > 0 and (part := file.read(min(left, 1 << 20))):
        checksum.update(part)
        left -= len(part)
    return checksum.hexdigest()


def is_whole(path: Path) -> bool:
    """Whether the file matches its checksum. Raises OSError."""
    with path.open("rb") as file:
        wanted = digest(file).encode()
        return file.read() == wanted


def read(path: Path) -> Manifest:
    """The description of a backup. Raises Exit where the file is missing, unreadable, damaged or something else."""
    try:
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):
                raise Exit(f"{path} is not a backup, or its end is missing - {OTHERS}")
        if not is_whole(path):
            raise Exit(f"{path} is damaged: its checksum does not match - {OTHERS}")
        with zipfile.ZipFile(path) as archive:
            archive.getinfo(DUMP)
            return manifest(archive.read(MANIFEST))
    except FileNotFoundError as error:
        raise Exit(f"{path} does not exist - {OTHERS}") from error
    except OSError as error:
        raise Exit(f"{path} cannot be read: {error.strerror} - look at its owner and mode: ls -l {path}") from error
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise Exit(f"{path} is a ZIP file, but not a backup - {OTHERS}") from error


OTHERS = "choose another one: ls backups"
