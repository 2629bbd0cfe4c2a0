"""Liveness: the master and the workers answer, or the workers wait for the database."""

import socket
import threading
import time
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from health import liveness
from health.server import read_environ
from runtime import waiting


@pytest.fixture(autouse=True)
def listener(monkeypatch, tmp_path):
    """A listener where workers are expected, and none where the master is."""
    with socket.socket(socket.AF_UNIX) as listener, socket.socket() as closed:
        listener.bind(str(tmp_path / "workers"))
        listener.listen()
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setattr(liveness, "WORKERS", listener.getsockname())
        monkeypatch.setattr(liveness, "STATS", closed.getsockname())
        yield listener


@pytest.fixture
def answering(listener):
    """A worker that answers one request."""

    def answer():
        with listener.accept()[0] as connection:
            connection.recv(1)
            connection.sendall(b"x")

    thread = threading.Thread(target=answer)
    thread.start()
    yield
    thread.join()


@pytest.fixture(autouse=True)
def mule(monkeypatch):
    """The process of the health check, beside workers that finish nothing."""
    workers = [{"requests": 1}, {"requests": 2}]
    monkeypatch.setattr(liveness, "uwsgi", SimpleNamespace(mule_id=lambda: 1, workers=lambda: workers))
    liveness.kept.clear()
    monkeypatch.setattr(liveness, "MASTER_SECONDS", 0.2)
    monkeypatch.setattr(liveness, "WORKER_SECONDS", 0.2)
    cache.clear()
    yield workers
    cache.clear()


@pytest.fixture
def master(monkeypatch):
    """The master answers."""
    real = liveness.answers
    monkeypatch.setattr(liveness, "answers", lambda family, *rest: family == socket.AF_INET or real(family, *rest))


def test_master_that_does_not_answer_is_a_fault(client):
    response = client.get("/healthcheck/live/")
    assert (response.status_code, response["Retry-After"]) == (503, "1")


def test_workers_that_do_not_answer_are_a_fault(master):
    assert liveness.fault() == "no worker answers"


def test_worker_that_answers_is_alive(master, answering):
    assert liveness.fault() == ""


def test_worker_that_waits_for_the_database_is_alive(master):
    waiting.note(time.monotonic())
    assert liveness.fault() == ""


def test_wait_of_which_nothing_is_heard_is_a_fault(master):
    cache.set("waits:1", (0.0, time.monotonic() - waiting.FRESH_SECONDS - 1))
    assert liveness.fault() == "no worker answers"


def test_workers_under_load_are_alive(master, mule, monkeypatch):
    counts = iter([3, 4])
    monkeypatch.setattr(liveness, "requests", lambda: next(counts))
    assert liveness.fault() == ""


def test_result_is_kept_for_a_second(master, monkeypatch):
    assert liveness.fault() == "no worker answers"
    monkeypatch.setattr(liveness, "find_fault", None)
    assert liveness.fault() == "no worker answers"


def test_worker_that_is_asked_is_alive(monkeypatch):
    monkeypatch.setattr(liveness, "uwsgi", SimpleNamespace(mule_id=lambda: 0))
    assert liveness.fault() == ""


def test_packet_is_read_as_it_was_written(tmp_path):
    (tmp_path / "packet").write_bytes(liveness.packet({"A": "1", "EMPTY": ""}))
    with (tmp_path / "packet").open("rb") as file:
        assert read_environ(file) == {"A": "1", "EMPTY": ""}
