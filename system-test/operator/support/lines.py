"""The lines of a pod: how many were sent, stored and dropped, what the log takes on disk, and how to make many."""

import contextlib
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

from support.checkout import Checkout
from support.commands import podman, run
from support.processes import send

STORED = """
import collections, json, re
from logstore import store
stored, folder = collections.Counter(), store.FOLDER
for number in [*store.numbers(folder), store.newest(folder)]:
    stored.update(re.findall(rb'^{"time":"[^"]*","service":"([^"]*)"', store.read(folder, number), re.MULTILINE))
print(json.dumps({name.decode(): number for name, number in stored.items()}))
"""
# Only the metrics container sees what each of the others counts.
COUNTED = """
import json, pathlib, re
counters = "".join(file.read_text() for file in pathlib.Path("/run/stats").glob("*/*.prom"))
print(json.dumps(re.findall(r'^pod_log_lines_(sent|dropped)_total{service="(.+?)"} (\\d+)$', counters, re.MULTILINE)))
"""
# What a process of the container prints goes to the log.
PRINT = """
import os, sys
first = next(p for p in os.listdir("/proc") if p.isdigit() and open(f"/proc/{p}/comm").read() == "nginx\\n")
with open(f"/proc/{first}/fd/1", "wb", buffering=0) as pipe:
    for number in range(int(sys.argv[1])):
        pipe.write(b'{"level":"INFO","logger":"many","message":"line %d","rest":"%s"}\\n' % (number, b"x" * 900))
"""


def program(pod: Checkout, service: str, source: str, *words: str) -> str:
    """Run a program of Python in a container; returns what it prints."""
    ended = podman("exec", f"{pod.name}-{service}", "python3", "-c", source, *words, timeout=600)
    assert ended.code == 0, ended.output
    return ended.output


def count(pod: Checkout) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """The numbers of lines of each service that were sent, are stored, and are counted as dropped."""
    stored = json.loads(program(pod, "log", STORED))
    counted = json.loads(program(pod, "metrics", COUNTED))
    numbers = {(kind, service): int(number) for kind, service, number in counted}
    services = {service for _, service in numbers}
    sent, dropped = ({name: numbers[kind, name] for name in services} for kind in ("sent", "dropped"))
    return sent, {name: stored.get(name, 0) for name in services}, dropped


def accounted(pod: Checkout) -> bool:
    """Whether each line that was sent is stored, or counted as dropped; false as well while one is on its way."""
    sent, stored, dropped = count(pod)
    return len(sent) >= 4 and sent == {name: stored[name] + dropped[name] for name in sent}


def print_many(pod: Checkout, lines: int) -> None:
    """Have nginx print so many lines of 1 kB."""
    program(pod, "server", PRINT, str(lines))


def shown(pod: Checkout, *words: str) -> list[str]:
    """The lines that `inv logs` shows, without the command that it shows first."""
    result = pod.inv("logs", *words)
    assert result.code == 0, result.output
    return [line for line in result.output.splitlines() if line and not line.startswith("podman ")]


@contextlib.contextmanager
def stopped(pod: Checkout) -> Iterator[None]:
    """The log is away."""
    podman("stop", "--time", "30", f"{pod.name}-log")
    try:
        yield
    finally:
        podman("start", f"{pod.name}-log")


def frozen(pod: Checkout) -> contextlib.AbstractContextManager[None]:
    """The log takes connections and bytes, as far as the kernel does, and answers nothing."""
    return pod.frozen("log", "rsyslogd")


@contextlib.contextmanager
def slow(pod: Checkout) -> Iterator[None]:
    """The log works for a tenth of the time."""
    processes, ended = pod.processes("log", "rsyslogd"), threading.Event()

    def hinder() -> None:
        while not ended.wait(0.01):
            send(signal.SIGSTOP, processes)
            ended.wait(0.09)
            send(signal.SIGCONT, processes)

    thread = threading.Thread(target=hinder)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextlib.contextmanager
def disk(folder: Path, volume: str, megabytes: int) -> Iterator[Path]:
    """A volume on a disk of its own, with a file system that keeps promises; yields its folder."""
    image, place = folder / "disk", folder / "place"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    steps = [
        ["mkfs.ext4", "-q", "-m", "0", str(image)],
        ["mount", "-o", "loop", str(image), str(place)],
        ["podman", "volume", "create", "--opt", "type=none", "--opt", "o=bind", "--opt", f"device={place}", volume],
    ]
    for step in steps:
        ended = run(*step)
        assert ended.code == 0, ended.output
    os.chown(place, 10003, 10003)
    try:
        yield place
    finally:
        run("umount", "--lazy", str(place))


def fill(folder: Path) -> Path:
    """Take all that is free on a disk, to the last block; returns the file that does."""
    filler = folder / "filler"
    with filler.open("wb") as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1 << 12))
            file.flush()
    return filler
