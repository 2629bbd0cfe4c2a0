"""Give rsyslog a new file when its own is full, and keep all files within their bound; rsyslog waits for it meanwhile.

Usage: python3 -m logstore.rotate            by rsyslog, when pod.log has reached its limit
       python3 -m logstore.rotate COMMAND    at the start: makes sure of the space, and becomes the command
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

from logstore import store

RETRY_SECONDS = 0.5


def rotate(folder: Path) -> None:
    """Number the full file, and make a new one. Raises OSError."""
    current = folder / store.CURRENT
    full = store.plain(folder, store.newest(folder))
    # What was reserved and not needed goes back.
    os.truncate(current, current.stat().st_size)
    current.rename(full)


def make_room(folder: Path) -> None:
    """Have the space for a file of lines, at the cost of the oldest ones; wait for it where a full disk has none.

    Nothing is lost by waiting: who sends keeps the lines, and counts those that it cannot keep.
    """
    while store.taken(folder) > store.FULL_BYTES:
        store.drop_oldest(folder)
    if has_room(folder):
        return
    print("the disk of the log is full: no line is taken until there is room", flush=True)
    while not has_room(folder):
        threading.Event().wait(RETRY_SECONDS)


def has_room(folder: Path) -> bool:
    """Is the space for the newest file there, were it instead of all full ones?"""
    while not store.reserve(folder / store.CURRENT):
        if not store.drop_oldest(folder):
            return False
    return True


def compress() -> None:
    """Have full files compressed in the background."""
    command, nowhere = [sys.executable, "-m", "logstore.compress"], subprocess.DEVNULL
    subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True)


if __name__ == "__main__":
    if not sys.argv[1:]:
        rotate(store.FOLDER)
    make_room(store.FOLDER)
    compress()
    if sys.argv[1:]:
        os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - as whose program it was started
