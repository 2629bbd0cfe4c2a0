"""Workers that wait for the database hold up neither probes nor other paths; workers that are stuck are restarted."""

import signal
import time
from contextlib import contextmanager

import pytest

from support import processes
from support.clients import asked
from support.commands import podman
from support.faults import program, restarts
from support.tokens import UNKNOWN

LOCK = ["BEGIN", "LOCK TABLE knox_authtoken", "SELECT pg_sleep(30)"]
SLEEPERS = "FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)'"
PATHS = ["/healthcheck/live/", "/healthcheck/", "/schema/", "/docs/", "/nowhere/"]
# Of supervisor.probe, to answer.
PROBE_SECONDS = 2


@contextmanager
def locked(pod, eventually):
    """A table of every request that has a token, and eight clients that need it all the time."""
    words = [word for statement in LOCK for word in ("--command", statement)]
    with program(pod, "db", "psql", "--dbname=service", *words), asked(pod, clients=8):
        # A session that gets the lock only after the end of the test would hold it in the next one.
        eventually(lambda: pod.sql(f"SELECT count(*) {SLEEPERS}") == "1")
        yield
        pod.sql(f"SELECT pg_terminate_backend(pid) {SLEEPERS}")


def timed(pod, path):
    """The status and the seconds of an answer."""
    start = time.monotonic()
    return pod.get(path).status, time.monotonic() - start


def probe(pod):
    """The code of the container's own probe, which counts as it does for Podman's timer."""
    return podman("healthcheck", "run", f"{pod.name}-server").code


def test_other_paths_are_answered_while_a_table_is_locked(running, eventually):
    with locked(running, eventually):
        answers = {path: [timed(running, path) for _ in range(20)] for path in PATHS}
    assert {path: {status for status, _ in all_} for path, all_ in answers.items()} == {
        path: {404 if path == "/nowhere/" else 200} for path in PATHS
    }
    assert max(seconds for all_ in answers.values() for _, seconds in all_) < PROBE_SECONDS


def test_request_that_needs_the_table_is_told_to_come_back(running, eventually):
    with locked(running, eventually):
        eventually(lambda: running.get("/token/", "DELETE", **UNKNOWN).status == 503, 10)
        assert running.get("/token/", "DELETE", **UNKNOWN).headers["Retry-After"]
    eventually(running.answers)


def test_server_whose_workers_wait_is_not_restarted(running, eventually):
    before = restarts(running, "server")
    with locked(running, eventually):
        assert [probe(running) for _ in range(5)] == [0] * 5
    assert restarts(running, "server") == before


@contextmanager
def stopped(ids):
    processes.send(signal.SIGSTOP, ids)
    try:
        yield
    finally:
        processes.send(signal.SIGCONT, ids)


def workers(pod):
    """The master's children but for the last, which answers health checks."""
    return pod.processes("server", "uwsgi")[1:-1]


def master(pod):
    return pod.processes("server", "uwsgi")[:1]


@pytest.mark.parametrize("part", [workers, master])
def test_server_that_is_stuck_is_restarted(running, eventually, part):
    # Until it succeeds once, the startup probe counts, which is more patient.
    eventually(lambda: probe(running) == 0)
    before = restarts(running, "server")
    with stopped(part(running)):
        eventually(lambda: probe(running) and restarts(running, "server") != before)
    eventually(running.answers)


def test_server_whose_master_ends_is_restarted(running, eventually):
    before = restarts(running, "server")
    processes.send(signal.SIGKILL, master(running))
    eventually(lambda: restarts(running, "server") != before)
    eventually(running.answers)


def test_stop_does_not_wait_for_the_health_check(running):
    start = time.monotonic()
    podman("restart", "--time", "30", f"{running.name}-server")
    assert time.monotonic() - start < 10
