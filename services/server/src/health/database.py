"""The database, asked on a connection of its own within a deadline.

Django's connection waits for an answer as long as it takes, and libpq's timeout ends with connecting: a database that
is frozen would hold the worker. An asynchronous connection is left at the deadline instead.
"""

import select
import time
from contextlib import closing
from functools import cache

import psycopg2
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg2 import extensions

EVENTS = {extensions.POLL_READ: select.POLLIN, extensions.POLL_WRITE: select.POLLOUT}


class MigrationsMissingError(Exception):
    """The database is older than the code."""


UNUSABLE = (psycopg2.Error, TimeoutError, MigrationsMissingError)


def connect(deadline):
    """Return a new connection; raises psycopg2.Error, and TimeoutError at the deadline, a time of time.monotonic."""
    database = psycopg2.connect(**connection.get_connection_params(), async_=True)
    try:
        wait(database, deadline)
    except BaseException:
        database.close()
        raise
    return database


def wait(database, deadline):
    """Wait until the connection is ready; raises as `connect` does."""
    while (state := database.poll()) != extensions.POLL_OK:
        poll = select.poll()
        poll.register(database.fileno(), EVENTS[state])
        if not poll.poll(max(0, deadline - time.monotonic()) * 1000):
            raise TimeoutError("it does not answer")


def require_migrations(database, deadline):
    """Ask for every migration of the code; raises MigrationsMissingError, and as `connect` does.

    Returns the later ones of the database: while another release is rolled out, this one goes on.
    """
    with closing(database.cursor()) as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        wait(database, deadline)
        applied = {*cursor.fetchall()}
    if missing := known_migrations() - applied:
        raise MigrationsMissingError(f"not migrated: {named(missing)}")
    return later(applied)


def named(migrations):
    """Their names as Django writes them."""
    return ", ".join(sorted(map(".".join, migrations)))


def later(applied):
    """Those that follow the last one that the code knows of their application; what was squashed comes before it."""
    last = {app: max(name for other, name in known_migrations() if other == app) for app, _ in known_migrations()}
    return {(app, name) for app, name in applied if name > last.get(app, name)}


@cache
def known_migrations():
    """Return (application, name) of every migration in the code."""
    return {*MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
