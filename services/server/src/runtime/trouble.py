"""The meaning of PostgreSQL's errors for a client: the status of the response, when to retry, and health's word.

https://www.postgresql.org/docs/17/errcodes-appendix.html
"""

import re
from typing import NamedTuple

import psycopg2
from django.db import Error, InterfaceError, OperationalError

from runtime.log import related


class Trouble(NamedTuple):
    """The response to an error of the database."""

    word: str  # the reason in /healthcheck/ and in the log
    detail: str
    retry_seconds: int | None  # Retry-After; None where a repetition changes nothing
    status: int = 503


AWAY = Trouble("away", "The database cannot be reached.", 1)
READ_ONLY = Trouble("read-only", "The database takes no changes at the moment.", 10)
SCHEMA = Trouble("schema", "The database does not have the tables of this release.", 10)
BUSY = Trouble("busy", "The database is busy.", 1)
STARTING = Trouble("starting", "The database is starting or stopping.", 2)
REFUSED = Trouble("refused", "The database refuses the service.", 30)
FAILED = Trouble("failed", "The database has failed.", 30)
CONFLICT = Trouble("conflict", "The request conflicts with another one.", None, 409)
# By SQLSTATE, else by its class, which is its first two characters. All other errors are faults of the code: 500.
TROUBLES = {
    "08": AWAY,
    "23503": CONFLICT,  # the row that is referred to was just deleted
    "23505": CONFLICT,
    "23P01": CONFLICT,
    "25": BUSY,  # the transaction was aborted or has taken too long
    "25006": READ_ONLY,  # a standby, or a managed database whose disk is full
    "26": BUSY,  # a pooler has changed the connection
    "28": REFUSED,
    "3D": Trouble("missing", "The database does not exist.", 30),
    "3F": SCHEMA,
    "40": BUSY,  # serialization failure and deadlock
    "42501": REFUSED,
    "42703": SCHEMA,
    "42704": SCHEMA,
    "42883": SCHEMA,
    "42P01": SCHEMA,
    "53": Trouble("exhausted", "The database has run out of memory or another resource.", 10),
    "53100": Trouble("disk-full", "The disk of the database is full.", 60),
    "53300": Trouble("no-connections", "The database has no connection left.", 2),
    "54": Trouble("too-complex", "The query is too complex.", None, 400),
    "55": BUSY,  # a lock was not available in time
    "57": STARTING,
    "57014": BUSY,  # cancelled, by its timeout or by an administrator
    "58": FAILED,
    "72": BUSY,
    "F0": FAILED,
    "HV": FAILED,
    "XX": FAILED,
}
WORDS = {trouble.word: trouble for trouble in TROUBLES.values()}
# The message of an error while connecting, which psycopg2 gives no SQLSTATE.
CONNECTING = {
    "53300": re.compile("too many (clients|connections)|connection slots"),
    "28000": re.compile("authentication failed|pg_hba.conf|no password|to log in|role .* does not exist"),
    "42501": re.compile("permission denied for database"),
    "3D000": re.compile("database .* does not exist"),
    "57P03": re.compile("database system is|not currently accepting connections"),
}


def of(error):
    """The trouble that an exception, or one that it followed, stands for; None if it is a fault of the code."""
    for member in related(error):
        if isinstance(member, (Error, psycopg2.Error)):
            code = sqlstate(member)
            if trouble := TROUBLES.get(code) or TROUBLES.get(code[:2]):
                return trouble
    return None


def sqlstate(error):
    """The SQLSTATE of an exception of Django or psycopg2; empty if it has none."""
    if code := getattr(error, "pgcode", None) or getattr(error.__cause__, "pgcode", None):
        return code
    if not isinstance(error, (OperationalError, InterfaceError, psycopg2.OperationalError, psycopg2.InterfaceError)):
        return ""
    return next((code for code, message in CONNECTING.items() if message.search(str(error))), "08006")
