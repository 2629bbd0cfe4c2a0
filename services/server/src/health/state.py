"""The state of each part that the service needs."""

import logging
import time
from contextlib import closing, contextmanager

from django.core.cache.backends.locmem import LocMemCache

from runtime import trouble
from runtime.connection import connect, rows
from runtime.migrations import UNUSABLE, MigrationsMissingError, require_migrations

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

    A part that is down has a `reason`, a word of runtime.trouble; so has a database that is up for reading only. A
    schema that is `newer` than the code is up.
    """
    deadline = time.monotonic() + DEADLINE_SECONDS
    parts = {name: {"status": "down", "milliseconds": 0.0} for name in ("database", "schema")}
    try:
        with measured(parts["database"]):
            connection = connect(deadline)
        with closing(connection), measured(parts["schema"]):
            if is_read_only(connection, deadline):
                parts["database"]["reason"] = trouble.READ_ONLY.word
            if require_migrations(connection, deadline):
                parts["schema"]["newer"] = True
    except UNUSABLE as error:
        # Anybody can read the response, so only the log has the message.
        logger.error("Database cannot be used: %s", error)
        for part in parts.values():
            if part["status"] != "up":
                part["reason"] = reason(error)
    return parts


def is_read_only(connection, deadline):
    """Whether the database refuses changes, as a standby does."""
    return rows(connection, "SHOW transaction_read_only", deadline) == [("on",)]


def reason(error):
    """The word for an error."""
    if isinstance(error, MigrationsMissingError):
        return trouble.SCHEMA.word
    return (trouble.of(error) or trouble.AWAY).word


@contextmanager
def measured(part):
    """Record in `part` how long the block takes, and that the part is up unless the block raises."""
    start = time.perf_counter()
    try:
        yield
        part["status"] = "up"
    finally:
        part["milliseconds"] = round((time.perf_counter() - start) * 1000, 1)
