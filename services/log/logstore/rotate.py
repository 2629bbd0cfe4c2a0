"""Give rsyslog a new file when its file is full, and keep the total size within its limit; rsyslog waits meanwhile.

Usage: python3 -m logstore.rotate            from rsyslog, when pod.log is full
       python3 -m logstore.rotate COMMAND    at the start: reserve the disk space, and run the command
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

from logstore import share, store

RETRY_SECONDS = 0.5


def rotate(folder: Path) -> None:
    """Rename the full file to its number. Raises OSError."""
    current = folder / store.CURRENT
    full = store.plain(folder, store.newest(folder))
    # Give back the reserved space that was not needed.
    os.truncate(current, current.stat().st_size)
    current.rename(full)


def make_room(folder: Path) -> None:
    """Reserve the space for a new file by condensing the oldest ones; if the disk is full without them, wait.

    Waiting loses nothing here: the senders keep their lines, and count those that they cannot keep.
    """
    while store.taken(folder) > store.FULL_BYTES:
        share.make_way(folder)
    if has_room(folder):
        return
    print("the disk of the log is full: no line is stored until space is free", flush=True)
    while not has_room(folder):
        threading.Event().wait(RETRY_SECONDS)


def has_room(folder: Path) -> bool:
    """Whether the space for the newest file is reserved, if need be by condensing full files."""
    while not store.reserve(folder / store.CURRENT):
        if not share.make_way(folder):
            return False
    return True


def compress() -> None:
    """Start the compression of full files in the background."""
    command, nowhere = [sys.executable, "-m", "logstore.compress"], subprocess.DEVNULL
    subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)


if __name__ == "__main__":
    if not sys.argv[1:]:
        rotate(store.FOLDER)
    make_room(store.FOLDER)
    compress()
    if sys.argv[1:]:
        os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the command takes the place of this program
