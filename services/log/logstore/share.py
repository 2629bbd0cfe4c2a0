"""Make room so that a flood of one kind of line does not push out the others.

The oldest full file is condensed before anything is removed: the newest lines of each class stay. A class is a service
and a band of levels: below WARNING, WARNING, or above. Condensed files are then merged in the same way, so every class
always keeps its newest CLASS_BYTES.
"""

import contextlib
import os
import re
import zlib
from collections import Counter
from pathlib import Path

from logstore import store

CLASS_BYTES = 256 << 10
# These always have classes of their own. A container may forge any other name: beyond so many classes the rest is one.
SERVICES = {b"server", b"db", b"log", b"metrics", b"metrics-graph"}
CLASSES = 24
CONDENSED_BYTES = 24 << 20  # of all condensed files
# A quote within a value is escaped, so nothing that a client sends looks like these.
SERVICE, LEVEL = re.compile(rb'"service":"([\w-]{1,32})"'), re.compile(rb'"level":"(WARNING|ERROR|CRITICAL)"')


def class_of(line: bytes) -> tuple[bytes, bytes]:
    """The service of a line, and its level if that is WARNING or above; ERROR and CRITICAL are one."""
    service, level = SERVICE.search(line), LEVEL.search(line)
    name = level[1] if level else b""
    return service[1] if service else b"", b"ERROR" if name == b"CRITICAL" else name


def condensed(content: bytes) -> bytes:
    """The newest lines of each class, in their order."""
    taken: Counter[tuple[bytes, bytes]] = Counter()
    kept = []
    for line in reversed(content.splitlines(keepends=True)):
        kind = class_of(line)
        if kind[0] not in SERVICES and kind not in taken and len(taken) >= CLASSES:
            kind = b"", b""
        taken[kind] += len(line)
        if taken[kind] <= CLASS_BYTES:
            kept.append(line)
    return b"".join(reversed(kept))


def is_condensed(folder: Path, number: int) -> bool:
    return store.condensed(folder, number).exists()


def make_way(folder: Path) -> bool:
    """Condense the oldest whole file, or merge the oldest condensed ones; return whether there was anything to do."""
    numbers = store.numbers(folder)
    files = [number for number in numbers if is_condensed(folder, number)]
    whole = [number for number in numbers if number not in files]
    size = sum(store.condensed(folder, number).stat().st_size for number in files)
    with contextlib.suppress(OSError):
        if len(files) > 1 and (size > CONDENSED_BYTES or not whole):
            return rewrite(folder, files[:2])
        if whole:
            return rewrite(folder, whole[:1])
    # One is left, or the disk has no room for a smaller one.
    return store.drop_oldest(folder)


def rewrite(folder: Path, numbers: list[int]) -> bool:
    """Put the condensed lines of these files in the place of the last one. Raises OSError."""
    content = condensed(b"".join(store.read(folder, number) for number in numbers))
    written = store.written(folder, numbers[-1])
    draft = folder / store.CONDENSED_DRAFT
    try:
        draft.write_bytes(zlib.compress(content, wbits=store.GZIP))
        os.utime(draft, (written, written))
        draft.replace(store.condensed(folder, numbers[-1]))
    finally:
        draft.unlink(missing_ok=True)
    for number in numbers[:-1]:
        store.drop(folder, number)
    store.drop_whole(folder, numbers[-1])
    return True
