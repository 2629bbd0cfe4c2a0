"""The files of the log: `pod.log`, which rsyslog writes, and full ones by rising number, compressed when there is time.

The disk space of the newest file is taken before a line is in it: rsyslog would take lines for stored that a full disk
did not take (https://github.com/rsyslog/rsyslog/issues/4796).
"""

import contextlib
import ctypes
import errno
import os
import re
import zlib
from pathlib import Path

FOLDER = Path("/var/log/pod")
CURRENT, DRAFT = "pod.log", "pod.log.draft"
FULL = re.compile(r"pod\.log\.(\d+)(\.gz)?")
TOTAL_BYTES = 128 << 20  # all files together, in every moment; docs/architecture.md and tasklib/status/disk.py tell it
FILE_BYTES = 8 << 20  # a full file: rsyslog.conf has the same
# rsyslog looks at the size after each line, and none is longer than half a MiB with its escapes.
NEEDED_BYTES = FILE_BYTES + (1 << 19)
# A file that takes the place of another on a full disk may get some blocks less.
RESERVED_BYTES = FILE_BYTES + (1 << 20)
# The newest file, and the draft of a compressed one, beside the full ones.
FULL_BYTES = TOTAL_BYTES - 2 * RESERVED_BYTES
FALLOC_FL_KEEP_SIZE = 1  # linux/falloc.h; Python's own posix_fallocate would lengthen the file
GZIP = 31  # what zlib calls the form of gzip with the largest window
LIBC = ctypes.CDLL(None, use_errno=True)


def numbers(folder: Path) -> list[int]:
    """The numbers of the full files, the oldest first."""
    found = (FULL.fullmatch(path.name) for path in folder.iterdir())
    return sorted({int(match[1]) for match in found if match})


def newest(folder: Path) -> int:
    """The number that the newest file will have once it is full."""
    return max(numbers(folder), default=0) + 1


def plain(folder: Path, number: int) -> Path:
    """The name of a full file."""
    return folder / f"{CURRENT}.{number}"


def compressed(folder: Path, number: int) -> Path:
    """The name of a full file that is compressed."""
    return folder / f"{CURRENT}.{number}.gz"


def read(folder: Path, number: int, offset: int = 0) -> bytes:
    """What is in a file from an offset on, whatever its name is meanwhile; nothing of one that was removed."""
    while True:
        is_full = number < newest(folder)
        # In the order in which a full file goes through its names.
        with contextlib.suppress(FileNotFoundError):
            return content(plain(folder, number), offset)
        with contextlib.suppress(FileNotFoundError):
            # Twice as fast into memory of the right size.
            return zlib.decompress(compressed(folder, number).read_bytes(), GZIP, RESERVED_BYTES)[offset:]
        lines = b""
        with contextlib.suppress(FileNotFoundError):
            lines = b"" if is_full else content(folder / CURRENT, offset)
        # Else it became full meanwhile, and what was read may be of the next one.
        if is_full or number >= newest(folder):
            return lines


def content(path: Path, offset: int) -> bytes:
    """What is in a file from an offset on; raises OSError."""
    with path.open("rb") as file:
        file.seek(offset)
        return file.read()


def written(folder: Path, number: int) -> float:
    """When the last line of a full file was stored, in seconds since 1970; 0 of one that was removed."""
    for path in (plain(folder, number), compressed(folder, number)):
        with contextlib.suppress(FileNotFoundError):
            return path.stat().st_mtime
    return 0.0


def taken(folder: Path) -> int:
    """The bytes on disk of the full files."""
    total = 0
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            total += path.stat().st_blocks * 512 if FULL.fullmatch(path.name) else 0
    return total


def drop_oldest(folder: Path) -> bool:
    """Remove the oldest full file; False where there is none."""
    for number in numbers(folder)[:1]:
        plain(folder, number).unlink(missing_ok=True)
        compressed(folder, number).unlink(missing_ok=True)
        return True
    return False


def reserve(path: Path) -> bool:
    """Take the disk space of a whole file, which is made where there is none; False where the disk is full.

    A file system that knows no such thing is passed over: a full disk costs lines there. Raises OSError.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        return any(allocate(descriptor, size) for size in (RESERVED_BYTES, NEEDED_BYTES))
    finally:
        os.close(descriptor)


def allocate(descriptor: int, size: int) -> bool:
    """Take disk space beyond the end of a file; False where the disk is full."""
    if not LIBC.fallocate64(descriptor, FALLOC_FL_KEEP_SIZE, ctypes.c_longlong(0), ctypes.c_longlong(size)):
        return True
    return ctypes.get_errno() not in (errno.ENOSPC, errno.EDQUOT)
