"""A log that is away, frozen, slow or without room costs no request, and every line is stored or counted as dropped."""

import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import lines
from support.checkout import Checkout
from support.commands import podman
from support.pods import IMAGES, ROOT, own_name, removed, start, started_pod
from support.tokens import UNKNOWN

REQUESTS, CLIENTS = 600, 4
# Of 1 kB: more than twice what a container keeps for the log (QUEUE_BYTES in services/supervisor/shipper.py).
MANY = 40_000
# A request that waits for the log waits for seconds; what a busy machine adds is less.
ADDED_SECONDS = 1.0


@pytest.fixture(scope="module")
def pod():
    """A pod of its own, whose lines are counted from its first one on."""
    with started_pod() as pod:
        yield pod


@pytest.fixture
def small(tmp_path):
    """A pod whose log has a disk of 64 MB of its own; and the folder of that disk."""
    name = own_name()
    with lines.disk(tmp_path, f"{name}-log-data", 64) as folder, removed(Checkout(ROOT, name, IMAGES)) as pod:
        start(pod)
        yield pod, folder


def slowest(pod) -> float:
    """Ask; every answer must be the one that needs the database. Returns the seconds within which 99 of 100 came."""

    def one(_: int) -> tuple[int, float]:
        begin = time.monotonic()
        with pod.get("/token/", "DELETE", **UNKNOWN) as answer:
            answer.read()
            return answer.status, time.monotonic() - begin

    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = list(clients.map(one, range(REQUESTS)))
    assert {status for status, _ in answers} == {401}
    return statistics.quantiles([seconds for _, seconds in answers], n=100)[98]


def delivered(pod, eventually) -> None:
    """Wait until no line is on its way or missing, and a new request is found in the log."""
    eventually(lambda: lines.accounted(pod))
    wanted = f"after-{time.monotonic_ns()}"
    pod.get("/schema/", **{"X-Request-ID": wanted}).read()
    eventually(lambda: lines.shown(pod, "--request-id", wanted))


@pytest.mark.parametrize("fault", [lines.stopped, lines.frozen, lines.slow])
def test_trouble_costs_no_request_and_no_uncounted_line(pod, eventually, fault):
    eventually(lambda: lines.accounted(pod))
    usual, before = slowest(pod), lines.count(pod)[2]["server"]
    with fault(pod):
        lines.print_many(pod, MANY)
        troubled = slowest(pod)
    print(f"99 of 100 answers: {usual * 1000:.1f} ms, with the log {fault.__name__}: {troubled * 1000:.1f} ms")
    delivered(pod, eventually)
    assert (lines.count(pod)[2]["server"] > before) or fault is lines.slow
    assert troubled < usual + ADDED_SECONDS


@pytest.mark.skipif(os.getuid() != 0, reason="only root mounts a disk")
def test_full_disk_takes_lines_into_the_space_kept_for_them(small, eventually):
    pod, folder = small
    usual = slowest(pod)
    lines.fill(folder)
    troubled = slowest(pod)
    lines.print_many(pod, 4000)
    delivered(pod, eventually)
    assert set(lines.count(pod)[2].values()) == {0}
    assert troubled < usual + ADDED_SECONDS


@pytest.mark.skipif(os.getuid() != 0, reason="only root mounts a disk")
def test_full_disk_costs_the_oldest_lines(small, eventually):
    pod, folder = small
    lines.fill(folder)
    lines.print_many(pod, 12_000)
    eventually(lambda: lines.shown(pod, "--grep", "^line 11999$"))
    sent, stored, dropped = lines.count(pod)
    assert (dropped["server"], stored["server"] < sent["server"]) == (0, True)


@pytest.mark.skipif(os.getuid() != 0, reason="only root mounts a disk")
def test_log_without_any_room_waits_for_it(small, eventually):
    pod, folder = small
    eventually(lambda: lines.accounted(pod))
    podman("stop", "--time", "30", f"{pod.name}-log")
    # What was kept for lines goes to the one who fills the disk.
    os.truncate(folder / "pod.log", (folder / "pod.log").stat().st_size)
    filler = lines.fill(folder)
    podman("start", f"{pod.name}-log")
    lines.print_many(pod, MANY)
    slowest(pod)
    filler.unlink()
    delivered(pod, eventually)
    assert lines.count(pod)[2]["server"] > 0
