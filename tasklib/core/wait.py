"""Waiting for a condition, with progress and a deadline."""

import threading
import time
from collections.abc import Callable

from tasklib.core import shell


def until(unmet: Callable[[], str], seconds: float, what: str) -> str:
    """Call `unmet` until it returns nothing or the time is over; return what it returned last."""
    deadline = time.monotonic() + seconds
    with shell.console.status(what) as status:
        while (missing := unmet()) and time.monotonic() < deadline:
            status.update(f"{what}: {missing}, {deadline - time.monotonic():.0f} s left")
            threading.Event().wait(0.1)
    return missing
