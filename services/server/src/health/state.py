"""The state of each part that the service needs."""

import logging
import time
from contextlib import closing, contextmanager

from django.core.cache.backends.locmem import LocMemCache

from runtime.connection import connect
from runtime.migrations import UNUSABLE, require_migrations

logger = logging.getLogger(__name__)
# For all parts together, so that the answer comes within two seconds.
DEADLINE_SECONDS = 1.5
# Anybody may read the state as often as they like; each worker checks the database once in this time.
KEPT_SECONDS = 1
kept = LocMemCache("health", {})


def latest():
    """The result of `check`, at most a second old."""
    if (parts := kept.get("parts")) is None:
        parts = check()
        kept.set("parts", parts, KEPT_SECONDS)
    return parts


def check():
    """Return the `status` (up or down) of each part, and the `milliseconds` that checking it took.

    A schema that is `newer` than the code is up.
    """
    deadline = time.monotonic() + DEADLINE_SECONDS
    parts = {name: {"status": "down", "milliseconds": 0.0} for name in ("database", "schema")}
    try:
        with measured(parts["database"]):
            connection = connect(deadline)
        with closing(connection), measured(parts["schema"]):
            if require_migrations(connection, deadline):
                parts["schema"]["newer"] = True
    except UNUSABLE as error:
        # Anybody can read the answer, so only the log has the reason.
        logger.error("Database cannot be used: %s", error)
    return parts


@contextmanager
def measured(part):
    """Record in `part` how long the block takes, and that the part is up unless the block raises."""
    start = time.perf_counter()
    try:
        yield
        part["status"] = "up"
    finally:
        part["milliseconds"] = round((time.perf_counter() - start) * 1000, 1)
