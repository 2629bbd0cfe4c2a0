"""Exchange the data of two volumes atomically: python -m tasklib.volumes.swap_folders FOLDER FOLDER.

Podman cannot rename a volume. https://man7.org/linux/man-pages/man2/rename.2.html
"""

import ctypes
import os
import sys

AT_FDCWD, RENAME_EXCHANGE = -100, 2


def exchange(first: str, second: str) -> None:
    """Exchange the names of two folders and flush that to disk. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(AT_FDCWD, os.fsencode(first), AT_FDCWD, os.fsencode(second), RENAME_EXCHANGE):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), first)
    for folder in (first, second):
        descriptor = os.open(os.path.dirname(folder), os.O_RDONLY)  # noqa: PTH120 - one name, as the kernel takes it
        os.fsync(descriptor)
        os.close(descriptor)


if __name__ == "__main__":
    exchange(*sys.argv[1:])
