"""A connection to the database of its own, with a deadline.

Django's connection waits for an answer as long as it takes, and libpq's timeout ends with connecting: a frozen database
would hold the worker. An asynchronous connection can be given up at the deadline.
"""

import select
import time
from contextlib import closing

import psycopg2
from django.db import connection
from psycopg2 import extensions

EVENTS = {extensions.POLL_READ: select.POLLIN, extensions.POLL_WRITE: select.POLLOUT}


def connect(deadline):
    """Open a connection; raises psycopg2.Error, and TimeoutError at the deadline, a time of time.monotonic."""
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


def rows(database, statement, deadline):
    """The rows that a statement returns; raises as `connect` does."""
    with closing(database.cursor()) as cursor:
        cursor.execute(statement)
        wait(database, deadline)
        return cursor.fetchall()
