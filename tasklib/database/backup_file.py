"""The file of a backup: a ZIP of `manifest.json` and `database.dump`, whose comment is the SHA-256 of all before it.

Any ZIP program opens it. A byte that is missing, added or changed anywhere is detected before anything is restored.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from invoke import Exit

from tasklib.database.backup_manifest import Manifest, parse
from tasklib.machine import key

DUMP, MANIFEST = "database.dump", "manifest.json"
TIME = "%Y%m%dT%H%M%SZ"  # UTC, in names of files and volumes
CHECKSUM = len(hashlib.sha256().hexdigest())
MAGIC = b"PGDMP"  # begins an archive of pg_dump
MANIFEST_BYTES = 16 << 20
DIRECTORY_BYTES = 1 << 16


def name(pod: str, time: str) -> str:
    return f"{pod}-{time}.zip"


def newest_first(folder: Path, pod: str) -> list[Path]:
    """The files that are named like a backup of this pod."""
    pattern = re.compile(rf"{re.escape(pod)}-\d{{8}}T\d{{6}}Z\.zip")
    return sorted((path for path in folder.glob("*.zip") if pattern.fullmatch(path.name)), reverse=True)


@contextlib.contextmanager
def written(path: Path) -> Iterator[zipfile.ZipFile]:
    """A new file, readable by its owner only, that ends up complete on disk or absent. Raises OSError."""
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
        # A pipe would wait to be opened.
        if not draft.is_file():
            continue
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
        # Before it is opened, which would wait for the other end of a pipe.
        if not stat.S_ISREG(path.stat().st_mode):
            raise Exit(f"{path} is not a file - {OTHERS}")
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):
                raise Exit(f"{path} is not a backup, or its end is missing - {OTHERS}")
        if not is_whole(path):
            raise Exit(f"{path} is damaged: its checksum does not match - {OTHERS}")
        return described(path)
    except FileNotFoundError as error:
        raise Exit(f"{path} does not exist - {OTHERS}") from error
    except OSError as error:
        raise Exit(f"{path} cannot be read: {error.strerror} - look at its owner and mode: ls -l {path}") from error


def described(path: Path) -> Manifest:
    """The description in a file that matches its checksum, which anybody can compute. Raises Exit."""
    try:
        require_small_directory(path)
        with zipfile.ZipFile(path) as archive:
            require_members(archive)
            return parse(archive.read(MANIFEST))
    except (OSError, *STRANGE) as error:
        raise Exit(f"{path} is a ZIP file, but not a backup - {OTHERS}") from error


def require_members(archive: zipfile.ZipFile) -> None:
    """Raise ValueError unless a ZIP file has the members of a backup, as they are written."""
    entries = archive.infolist()
    # Nothing is compressed, so nothing grows when it is read.
    if sorted(entry.filename for entry in entries) != [DUMP, MANIFEST] or not all(map(is_plain, entries)):
        raise ValueError("other members than those of a backup")
    if archive.getinfo(MANIFEST).file_size > MANIFEST_BYTES:
        raise ValueError("the manifest is too large")
    with archive.open(DUMP) as dump:
        if dump.read(len(MAGIC)) != MAGIC:
            raise ValueError("not an archive of pg_dump")


def is_plain(entry: zipfile.ZipInfo) -> bool:
    """Whether a member is neither compressed nor encrypted."""
    stored = entry.compress_type == zipfile.ZIP_STORED and entry.compress_size == entry.file_size
    return stored and not entry.flag_bits & 1


def require_small_directory(path: Path) -> None:
    """Raise ValueError if the directory of a ZIP file, which is read whole, is larger than that of a backup."""
    with path.open("rb") as file:
        file.seek(-CHECKSUM - 22, os.SEEK_END)
        end = file.read(22)
    if not end.startswith(b"PK\x05\x06") or int.from_bytes(end[12:16], "little") > DIRECTORY_BYTES:
        raise ValueError("the directory is too large")


def checksum(path: Path) -> str:
    """The checksum at the end of a backup, which stands for all of it."""
    with path.open("rb") as file:
        file.seek(-CHECKSUM, os.SEEK_END)
        return file.read().decode("ascii")


def is_signed(path: Path) -> bool:
    """Whether this machine has signed a whole backup. Raises Exit if its signature is that of another content."""
    try:
        return key.has_signed(path, checksum(path))
    except ValueError as error:
        raise Exit(f"{path} does not match its signature, {key.beside(path).name} - {OTHERS}") from error


def require_dump(path: Path) -> None:
    """Read the dump to its end, so that it matches its own checksum as well. Raises Exit."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(DUMP) as dump:
            while dump.read(1 << 20):
                pass
    except (OSError, *STRANGE) as error:
        raise Exit(f"{path} is damaged: its dump cannot be read - {OTHERS}") from error


OTHERS = "choose another one: ls backups"
# What the standard library raises on a file that somebody has made to be strange.
STRANGE = (
    *(KeyError, ValueError, TypeError, AttributeError, RecursionError, EOFError, OverflowError, RuntimeError),
    *(struct.error, zlib.error, zipfile.BadZipFile),
)
