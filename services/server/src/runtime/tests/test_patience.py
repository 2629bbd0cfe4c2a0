"""A database that is slow is waited for, one that is frozen is not."""

import time

import pytest
from django.db import OperationalError, connection
from psycopg2 import extensions

from runtime import patience, waiting
from runtime.patience import Patience

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def impatient(monkeypatch):
    """A tenth of a second is long."""
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.1)
    extensions.set_wait_callback(Patience())
    yield
    extensions.set_wait_callback(None)
    # The connection is unusable after a statement that was abandoned.
    connection.close()


@pytest.fixture
def frozen(impatient, monkeypatch):
    """Nobody gets a new connection to the database."""

    def connect(deadline):
        raise TimeoutError("it does not answer")

    monkeypatch.setattr(patience, "connect", connect)


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_slow_statement_is_waited_for(impatient):
    assert run("SELECT pg_sleep(0.5)::text || 'slept'") == "slept"


def test_statement_of_a_frozen_database_fails_in_time(frozen):
    start = time.monotonic()
    with pytest.raises(OperationalError, match="it does not answer"):
        run("SELECT pg_sleep(1)")
    assert time.monotonic() - start < 0.9


def test_worker_of_a_frozen_database_is_known_to_wait(impatient, monkeypatch):
    known = []

    def connect(deadline):
        known.extend(waiting.workers())
        raise TimeoutError

    monkeypatch.setattr(patience, "connect", connect)
    with pytest.raises(OperationalError):
        run("SELECT pg_sleep(1)")
    assert known == [waiting.me()]
    assert waiting.workers() == {}


def test_frozen_database_is_not_waited_for_again(frozen):
    with pytest.raises(OperationalError):
        run("SELECT pg_sleep(1)")
    connection.close()
    with pytest.raises(OperationalError, match="a moment ago"):
        run("SELECT 1")


def test_database_that_is_back_is_asked_again(frozen, monkeypatch):
    monkeypatch.setattr(patience, "REFUSE_SECONDS", 0)
    with pytest.raises(OperationalError):
        run("SELECT pg_sleep(1)")
    connection.close()
    # A busy machine connects in more than a tenth of a second.
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 30)
    assert run("SELECT 1") == 1


@pytest.mark.urls("api.tests.groups")
def test_request_to_a_frozen_database_is_503(client, frozen, monkeypatch):
    monkeypatch.setattr("api.tests.groups.GroupViewSet.get_queryset", lambda _: run("SELECT pg_sleep(1)"))
    response = client.get("/test-group/1/")
    assert (response.status_code, response["Retry-After"]) == (503, "1")
