"""The database is waited for as long as it answers anybody: a statement may take its time, a frozen server may not."""

import time
from contextlib import suppress

import psycopg2
from django.db import OperationalError

from runtime import connection as database

PATIENCE_SECONDS = 1.0  # after which the database is asked whether it answers at all
ANSWER_SECONDS = 1.5
# After no answer, nobody waits for so long: else each of many requests would hold a worker for the time above.
REFUSE_SECONDS = 1.0


class Patience:
    """What psycopg2 calls to wait until a connection is ready; raises OperationalError."""

    def __init__(self):
        self.refuse_until = 0.0  # time.monotonic()

    def __call__(self, connection):
        if time.monotonic() < self.refuse_until:
            raise OperationalError("it did not answer a moment ago")
        while True:
            try:
                return database.wait(connection, time.monotonic() + PATIENCE_SECONDS)
            except TimeoutError:
                self.require_answer()

    def require_answer(self):
        """Ask on a new connection, since what holds up one, as a lock, lets others through."""
        try:
            # A refusal is an answer as well; what it means for the statement, its own connection tells.
            with suppress(psycopg2.Error):
                database.connect(time.monotonic() + ANSWER_SECONDS).close()
        except TimeoutError as error:
            self.refuse_until = time.monotonic() + REFUSE_SECONDS
            # Django's own: on one of psycopg2, Django would connect anew, and wait again.
            raise OperationalError(str(error)) from error
