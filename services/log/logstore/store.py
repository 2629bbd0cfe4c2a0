"""The files of the log: `pod.log`, which rsyslog writes, and the full files, numbered and compressed in the background.

Old files are condensed before they are removed: share.py.

The disk space of the newest file is reserved before its first line: on a full disk rsyslog would count lines as stored
that are lost (https://github.com/rsyslog/rsyslog/issues/4796).
"""

import contextlib
import ctypes
import errno
import os
import re
import zlib
from pathlib import Path

FOLDER = Path("/var/log/pod")
CURRENT, DRAFT, CONDENSED_DRAFT = "pod.log", "pod.log.draft", "pod.log.condensed.draft"
FULL = re.compile(r"pod\.log\.(\d+)((\.condensed)?\.gz)?")
TOTAL_BYTES = 128 << 20  # of all files together, at any time; also in docs/architecture.md and tasklib/status/disk.py
FILE_BYTES = 8 << 20  # of a full file; rsyslog.conf has the same
# rsyslog checks the size after each line, and a line with its escapes has at most half a MiB.
NEEDED_BYTES = FILE_BYTES + (1 << 19)
# On a full disk a file may get a few blocks less than the one that it replaces.
RESERVED_BYTES = FILE_BYTES + (1 << 20)
# The rest is for the newest file and for the drafts of a compressed and of a condensed one.
FULL_BYTES = TOTAL_BYTES - 3 * RESERVED_BYTES
FALLOC_FL_KEEP_SIZE = 1  # linux/falloc.h; Python's own posix_fallocate would lengthen the file
GZIP = 31  # zlib's wbits for gzip with the largest window
LIBC = ctypes.CDLL(None, use_errno=True)


def numbers(folder: Path) -> list[int]:
    """The numbers of the full files, the oldest first."""
    found = (FULL.fullmatch(path.name) for path in folder.iterdir())
    return sorted({int(match[1]) for match in found if match})


def newest(folder: Path) -> int:
    """The number that pod.log gets when it is full."""
    return max(numbers(folder), default=0) + 1


def plain(folder: Path, number: int) -> Path:
    """The path of a full file that is not compressed."""
    return folder / f"{CURRENT}.{number}"


def compressed(folder: Path, number: int) -> Path:
    """The path of a full file that is compressed."""
    return folder / f"{CURRENT}.{number}.gz"


def condensed(folder: Path, number: int) -> Path:
    """The path of a full file of which only a part is left."""
    return folder / f"{CURRENT}.{number}.condensed.gz"


def read(folder: Path, number: int, offset: int = 0) -> bytes:
    """The content of a file from an offset on, under whichever name it has; empty if it was removed."""
    while True:
        is_full = number < newest(folder)
        # A file gets its names in this order.
        with contextlib.suppress(FileNotFoundError):
            return content(plain(folder, number), offset)
        with contextlib.suppress(FileNotFoundError):
            # A buffer of the right size makes it twice as fast.
            return zlib.decompress(compressed(folder, number).read_bytes(), GZIP, RESERVED_BYTES)[offset:]
        with contextlib.suppress(FileNotFoundError):
            return zlib.decompress(condensed(folder, number).read_bytes(), GZIP)[offset:]
        lines = b""
        with contextlib.suppress(FileNotFoundError):
            lines = b"" if is_full else content(folder / CURRENT, offset)
        # Otherwise it became full meanwhile, and the content may be that of the next file.
        if is_full or number >= newest(folder):
            return lines


def content(path: Path, offset: int) -> bytes:
    """The bytes of a path from an offset on. Raises OSError."""
    with path.open("rb") as file:
        file.seek(offset)
        return file.read()


def written(folder: Path, number: int) -> float:
    """The time of the last line of a full file, in seconds since 1970; 0 if the file was removed."""
    for path in (plain(folder, number), compressed(folder, number), condensed(folder, number)):
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
    """Remove the oldest full file; return whether there was one."""
    for number in numbers(folder)[:1]:
        drop(folder, number)
        return True
    return False


def drop(folder: Path, number: int) -> None:
    """Remove a full file."""
    drop_whole(folder, number)
    condensed(folder, number).unlink(missing_ok=True)


def drop_whole(folder: Path, number: int) -> None:
    """Remove a full file, but not what is left of it in condensed form."""
    plain(folder, number).unlink(missing_ok=True)
    compressed(folder, number).unlink(missing_ok=True)


def reserve(path: Path) -> bool:
    """Reserve the disk space of a full file, making it if need be; return whether the disk had the space.

    A file system without `fallocate` is accepted: lines are lost there if the disk is full. Raises OSError.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        return any(allocate(descriptor, size) for size in (RESERVED_BYTES, NEEDED_BYTES))
    finally:
        os.close(descriptor)


def allocate(descriptor: int, size: int) -> bool:
    """Reserve disk space beyond the end of a file; return whether the disk had the space."""
    if not LIBC.fallocate64(descriptor, FALLOC_FL_KEEP_SIZE, ctypes.c_longlong(0), ctypes.c_longlong(size)):
        return True
    return ctypes.get_errno() not in (errno.ENOSPC, errno.EDQUOT)
