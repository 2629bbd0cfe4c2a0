"""Read what another container offers, as if that container were in an attacker's hands: little, soon, and as a file."""

import contextlib
import os
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

FILES = 64  # in one folder


def names(folder: Path, ending: str) -> list[str]:
    """The files of a folder with this ending, the first ones by name. A symbolic link is not a folder."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return []
    try:
        return sorted(name for name in os.listdir(descriptor) if name.endswith(ending))[:FILES]  # noqa: PTH208 - a Path follows links
    finally:
        os.close(descriptor)


def read(path: Path, most: int) -> tuple[bytes, float]:
    """The content of a file and the time when it was written.

    Raises OSError; ValueError if it is longer than `most`, or is not a file: a link, a pipe, a device.
    """
    # A pipe without a writer would block the opening.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError(f"{path} is not a file")
        content = file.read(most + 1)
        if len(content) > most:
            raise ValueError(f"{path} is longer than {most} bytes")
        return content, status.st_mtime


@contextlib.contextmanager
def connection(address: tuple[str, int], seconds: float) -> Iterator[socket.socket]:
    """Lend a connection that ends after so many seconds, however slowly the other side sends. Raises OSError."""
    with socket.create_connection(address, seconds) as lent:
        watch = threading.Timer(seconds, end, [lent])
        watch.daemon = True
        watch.start()
        try:
            yield lent
        finally:
            watch.cancel()


def end(lent: socket.socket) -> None:
    """End a connection, unless the other side has done so already."""
    with contextlib.suppress(OSError):
        lent.shutdown(socket.SHUT_RDWR)


def received(lent: socket.socket, most: int) -> bytes:
    """All that the other side sends. Raises OSError; ValueError if that is more than `most`."""
    with lent.makefile("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise ValueError(f"more than {most} bytes came")
    return content
