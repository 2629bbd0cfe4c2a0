"""Requests that wait for the database hold half of the workers at most, and others like them are refused."""

import time
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from psycopg2 import extensions

from runtime import patience, waiting


@pytest.fixture(autouse=True)
def four(monkeypatch):
    """Four workers, of which this is the third."""
    monkeypatch.setattr(waiting, "uwsgi", SimpleNamespace(numproc=4, worker_id=lambda: 3))
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def others():
    """Let other workers wait since a time."""

    def others(since, *numbers):
        for number in numbers:
            cache.set(f"waits:{number}", (since, time.monotonic()))

    return others


def test_half_of_the_workers_may_wait(others):
    now = time.monotonic()
    others(now - 1, 1)
    assert not waiting.is_too_many(now)


def test_latest_that_waits_is_too_many(others):
    now = time.monotonic()
    others(now - 1, 1, 2)
    assert waiting.is_too_many(now)


def test_earliest_that_waits_is_not_too_many(others):
    now = time.monotonic()
    others(now, 1, 2, 4)
    assert not waiting.is_too_many(now - 1)


@pytest.mark.parametrize("workers", [1, 2])
def test_one_may_wait_whatever_the_number_of_workers(monkeypatch, workers):
    monkeypatch.setattr(waiting, "uwsgi", SimpleNamespace(numproc=workers, worker_id=lambda: 1))
    assert not waiting.is_too_many(time.monotonic())


def test_worker_is_forgotten_after_its_wait():
    waiting.note(time.monotonic())
    waiting.forget()
    assert waiting.workers() == {}


@pytest.fixture
def impatient(others, monkeypatch):
    """A tenth of a second is long, and two others wait already, for as long as the test takes."""
    others(0.0, 1, 2)
    monkeypatch.setattr(waiting, "FRESH_SECONDS", 3600)
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", 0.1)
    extensions.set_wait_callback(patience.Patience())
    yield
    extensions.set_wait_callback(None)
    connection.close()


def query(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_statement_of_one_too_many_is_cancelled(impatient):
    start = time.monotonic()
    with pytest.raises(OperationalError, match="canceling statement"):
        query("SELECT pg_sleep(5)")
    assert time.monotonic() - start < 4
    assert query("SELECT 1") == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("api.tests.groups")
def test_request_like_one_that_was_cancelled_is_refused(client, impatient, monkeypatch):
    monkeypatch.setattr("api.tests.groups.GroupViewSet.get_queryset", lambda _: query("SELECT pg_sleep(5)"))
    assert client.get("/test-group/1/").status_code == 503
    monkeypatch.setattr(waiting, "REFUSED_SECONDS", 3600)
    start = time.monotonic()
    response = client.get("/test-group/2/")
    assert (response.status_code, response["Retry-After"]) == (503, "1")
    assert time.monotonic() - start < 4


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls("api.tests.groups")
def test_refusal_ends(client, monkeypatch):
    cache.set("refused:test-group", time.monotonic() - waiting.REFUSED_SECONDS)
    assert client.get("/test-group/1/").status_code == 404
