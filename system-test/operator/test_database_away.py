"""A database that is gone or frozen is told in time; where it is back, the first request is answered."""

import json
import time
from contextlib import contextmanager

import pytest

from support.commands import podman
from support.tokens import UNKNOWN


@contextmanager
def gone(pod):
    """Stop the database, and start it again."""
    podman("stop", f"{pod.name}-db")
    try:
        yield
    finally:
        podman("start", f"{pod.name}-db")


def frozen(pod):
    """Let no process of the database run on."""
    return pod.frozen("db", "postgres")


@pytest.fixture
def warm(running):
    """The pod, when its workers have a connection each."""
    for connection in [running.ask("/token/", "DELETE", **UNKNOWN) for _ in range(50)]:
        connection.getresponse()
    return running


each_way = pytest.mark.parametrize("away", [gone, frozen], ids=["gone", "frozen"])


@each_way
def test_ready_is_503_within_two_seconds(running, eventually, away):
    def is_told_in_time():
        start = time.monotonic()
        answer = running.get("/healthcheck/")
        told = (answer.status, json.load(answer)["status"]) == (503, "down")
        return told and time.monotonic() - start < 2

    # Each worker keeps its answer for a second.
    with away(running):
        eventually(is_told_in_time, 5)


@each_way
def test_live_is_200(running, away):
    with away(running):
        assert running.get("/healthcheck/live/").status == 200


@each_way
def test_first_requests_to_a_database_that_is_back_are_answered(running, eventually, away):
    with away(running):
        running.get("/healthcheck/")
    # Not /healthcheck/, whose answer may be a second old.
    eventually(lambda: podman("exec", f"{running.name}-db", "pg_isready", "--host=127.0.0.1").code == 0)
    # More than there are workers, each of which has a connection of its own.
    assert {running.get("/token/", "DELETE", **UNKNOWN).status for _ in range(20)} == {401}


def is_refused(answer):
    """Whether an answer is a problem that says when to come back."""
    refused = (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
    return refused and bool(answer.headers["Retry-After"])


def test_application_without_database_is_503_in_time(running):
    with gone(running):
        start = time.monotonic()
        assert is_refused(running.get("/token/", "DELETE", **UNKNOWN))
        assert time.monotonic() - start < 2


def test_application_with_frozen_database_is_503_in_time(warm):
    with frozen(warm):
        start = time.monotonic()
        assert is_refused(warm.get("/token/", "DELETE", **UNKNOWN))
        assert time.monotonic() - start < 5


def test_requests_to_a_frozen_database_leave_the_workers_alive(warm):
    with frozen(warm):
        waiting = [warm.ask("/token/", "DELETE", **UNKNOWN) for _ in range(50)]
        start = time.monotonic()
        assert warm.get("/healthcheck/live/").status == 200
        assert time.monotonic() - start < 8
        assert {is_refused(connection.getresponse()) for connection in waiting} == {True}
