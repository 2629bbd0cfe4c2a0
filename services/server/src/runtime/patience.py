"""Wait for a statement as long as the database answers on another connection, so that a slow one may finish."""

import time
from contextlib import suppress

import psycopg2
from django.db import OperationalError

from runtime import waiting
from runtime.connection import connect, wait

PATIENCE_SECONDS = 0.5  # until a second connection checks whether the database answers at all, again and again
ANSWER_SECONDS = 1.5
# After a check without an answer, statements fail at once: else each request would hold a worker for the time above.
REFUSE_SECONDS = 1.0


class Patience:
    """Psycopg2's wait callback, which waits until a connection is ready; raises OperationalError."""

    def __init__(self):
        self.refuse_until = 0.0  # time.monotonic()

    def __call__(self, connection):
        if time.monotonic() < self.refuse_until:
            raise OperationalError("it did not answer a moment ago")
        try:
            return wait(connection, time.monotonic() + PATIENCE_SECONDS)
        except TimeoutError:
            return self.wait_long(connection, time.monotonic() - PATIENCE_SECONDS)

    def wait_long(self, connection, began):
        """Wait on, while the database answers; cancel the statement if too many workers wait."""
        try:
            while True:
                # Before the check, which takes longer than liveness waits for a worker where the database is frozen.
                waiting.note(began)
                self.require_answer()
                if waiting.is_too_many(began):
                    # The connection stays usable, and its statement fails as one that took too long.
                    connection.cancel()
                with suppress(TimeoutError):
                    return wait(connection, time.monotonic() + PATIENCE_SECONDS)
        finally:
            waiting.forget()

    def require_answer(self):
        """Check on a new connection that the database answers: a lock holds up one connection and not the others."""
        try:
            # A refusal is an answer as well; the statement's own connection reports what it means.
            with suppress(psycopg2.Error):
                connect(time.monotonic() + ANSWER_SECONDS).close()
        except TimeoutError as error:
            self.refuse_until = time.monotonic() + REFUSE_SECONDS
            # Django's own error: on one of psycopg2, Django would connect again, and wait again.
            raise OperationalError(str(error)) from error
