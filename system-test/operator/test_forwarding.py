"""Every line is sent on to a collector that proves who it is; whatever that does, storing goes on."""

import json
import re
import signal
from itertools import count

import pytest

from support.checkout import Checkout
from support.commands import podman
from support.pods import IMAGES, ROOT, own_name, removed, start
from support.processes import send
from support.syslog_collector import PORT, Collector, authority, write

BLOCKS = count(10)  # each test writes numbers of its own, all of as many digits
QUEUE_BYTES = 36 << 20  # services/log/forward.conf
SIZE = "import pathlib; print(sum(file.stat().st_size for file in pathlib.Path('/var/log/pod').glob('forward.*')))"
STORED = "import sys; print(*[line for line in open('/var/log/pod/pod.log') if sys.argv[1] in line], sep='', end='')"


@pytest.fixture(scope="module")
def sending(tmp_path_factory):
    """A pod whose lines are sent on, and the collector beside it, which does not run yet."""
    folder = tmp_path_factory.mktemp("collector")
    folder.chmod(0o755)
    with removed(Checkout(ROOT, own_name(), IMAGES)) as pod:
        collector = Collector(pod, folder)
        authority(folder, "other")
        start(pod, INVOKE_SYSLOG_HOST=f"localhost:{PORT}", INVOKE_SYSLOG_CA=str(collector.own))
        yield pod, collector


@pytest.fixture
def collector(sending, eventually):
    """The collector, with all that waited for it."""
    _, collector = sending
    collector.start()
    number = next(BLOCKS) * 100_000 - 1
    write(sending[0], range(number, number + 1))
    eventually(lambda: number in collector.numbers())
    return collector


@pytest.fixture
def pod(sending):
    return sending[0]


@pytest.fixture
def numbers():
    """A thousand numbers that no other test writes."""
    begin = next(BLOCKS) * 100_000
    return range(begin, begin + 1000)


def counted(pod: Checkout, name: str) -> int:
    """One of the numbers of rsyslog."""
    text = podman(
        "exec", f"{pod.name}-log", "python3", "-c", "print(open('/run/stats/log/log.rsyslog.prom').read())"
    ).output
    return int(re.search(rf"^{name} (\d+)$", text, re.MULTILINE).group(1))


def stored(pod: Checkout, text: str) -> list[str]:
    """The stored lines with a text."""
    return podman("exec", f"{pod.name}-log", "python3", "-c", STORED, text).output.splitlines()


def test_line_arrives_as_it_is_stored(pod, collector, numbers, eventually):
    write(pod, numbers[:1], level="ERROR")
    eventually(lambda: numbers[0] in collector.numbers())
    (arrived,) = [line for line in collector.lines() if f'"number":{numbers[0]}' in line[5]]
    (line,) = stored(pod, f'"number":{numbers[0]}')
    assert arrived[5] == line
    assert arrived[:5] == ["11", json.loads(line)["time"], pod.name, "server", "test"]


@pytest.mark.parametrize(
    ("level", "priority"), [("DEBUG", 15), ("INFO", 14), ("WARNING", 12), ("CRITICAL", 10), ("?", 14)]
)
def test_priority_is_that_of_the_level(pod, collector, numbers, eventually, level, priority):
    write(pod, numbers[:1], level=level)
    eventually(lambda: numbers[0] in collector.numbers())
    assert [line[0] for line in collector.lines() if f'"number":{numbers[0]}' in line[5]] == [str(priority)]


def test_lines_of_a_request_arrive(pod, collector, eventually):
    request_id = pod.get("/token/").headers["X-REQUEST-ID"]
    eventually(lambda: {line[4] for line in collector.lines() if request_id in line[5]} >= {"nginx", "uwsgi"})


@pytest.mark.parametrize("wrong", [{"signer": "other"}, {"host": "elsewhere.example.org"}], ids=["signer", "host"])
def test_wrong_certificate_gets_no_line(pod, collector, numbers, eventually, wrong):
    refusals = len(stored(pod, "not permitted to talk to"))
    collector.stop()
    collector.start(**wrong)
    write(pod, numbers)
    eventually(lambda: len(stored(pod, "not permitted to talk to")) > refusals)
    assert len(stored(pod, f'"number":{numbers.start // 1000}')) == len(numbers)
    assert not collector.numbers() & {*numbers}
    collector.stop()
    collector.start()
    eventually(lambda: collector.numbers() >= {*numbers})


def test_lines_wait_for_a_collector_that_is_away(pod, collector, numbers, eventually):
    collector.stop()
    write(pod, numbers[:500])
    podman("restart", "--time", "30", f"{pod.name}-log")
    eventually(lambda: podman("healthcheck", "run", f"{pod.name}-log").code == 0)
    write(pod, numbers[500:])
    assert not collector.numbers() & {*numbers}
    collector.start()
    # A stop costs the one in hand: services/log/forward.conf.
    eventually(lambda: len(collector.numbers() & {*numbers}) >= len(numbers) - 1)


def test_killed_log_goes_on_with_its_queue(pod, collector, numbers, eventually):
    collector.stop()
    write(pod, numbers)
    send(signal.SIGKILL, pod.processes("log", "rsyslogd"))
    collector.start()
    # What a kill may cost: services/log/forward.conf.
    eventually(lambda: len(collector.numbers() & {*numbers}) > len(numbers) - 100)


def test_frozen_collector_holds_up_nothing(pod, collector, numbers, eventually):
    processes = [int(podman("inspect", "--format", "{{.State.Pid}}", collector.container).output)]
    send(signal.SIGSTOP, processes)
    try:
        # More than the kernel's buffers take; each is stored when this returns.
        write(pod, numbers[:500], size=20_000)
        assert pod.answers()
        eventually(lambda: counted(pod, "rsyslog_forward_waiting") > 0)
    finally:
        send(signal.SIGCONT, processes)
    eventually(lambda: collector.numbers() >= {*numbers[:500]})


def test_queue_has_a_bound(pod, collector, numbers, eventually):
    collector.stop()
    before = counted(pod, "rsyslog_forward_discarded_total")
    # Each takes twice its size.
    write(pod, range(numbers.start, numbers.start + 2000), size=20_000)
    eventually(lambda: counted(pod, "rsyslog_forward_discarded_total") > before)
    assert 30 << 20 < int(podman("exec", f"{pod.name}-log", "python3", "-c", SIZE).output) <= QUEUE_BYTES
    collector.start()
    eventually(lambda: counted(pod, "rsyslog_forward_waiting") == 0)
    assert int(podman("exec", f"{pod.name}-log", "python3", "-c", SIZE).output) < 5 << 20


def test_wrong_address_is_told_at_once(absent):
    result = absent.inv("up", environment={"INVOKE_SYSLOG_HOST": "logs.example.org"})
    assert result.code == 1
    assert result.last_line.startswith("syslog_host is 'logs.example.org' instead of HOST:PORT - write it like this: ")
