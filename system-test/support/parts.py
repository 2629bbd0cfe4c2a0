"""The parts of a running pod as the tests see them, each with verbs of its trade, and waiting for them."""

import gzip
import io
import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import httpx

SCRAPE_SECONDS = 5.0  # services/metrics/prometheus.yml
# What is known only of a container whose limits are in force: services/supervisor/resources.py.
OF_LIMITED = re.compile("pod_(memory|oom|cpu)_")


def wait_for(condition: Callable[[], Any], seconds: float, message: str, pause: float = 0.01) -> Any:
    """Ask until the answer is true and return it; AssertionError with the message after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"{message}: waited {seconds:g} s"
        threading.Event().wait(pause)
    return answer


def complete_lines(file: BinaryIO) -> list[bytes]:
    """The lines up to the end of a file that is being written to; the last one is left until it has its end."""
    # In one piece: by lines, the beginning of one and its end could be read as two.
    data = file.read()
    end = data.rfind(b"\n") + 1
    file.seek(end - len(data), os.SEEK_CUR)
    return io.BytesIO(data[:end]).readlines()


def full_file(path: Path) -> bytes:
    """The content of a full file of the log, which may be compressed: services/log/logstore/store.py."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes())


class Log:
    """The lines stored since this object was made, across a rotation of the file."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "pod.log"
        self.file = self.path.open("rb")
        complete_lines(self.file)  # not to the end, which can lie within a line that is being written
        self.raw: list[bytes] = []

    def new(self) -> list[bytes]:
        """Every line stored by now, as it is in the file."""
        rotated = self.path.exists() and self.path.stat().st_ino != os.fstat(self.file.fileno()).st_ino
        self.raw += complete_lines(self.file)
        if rotated:
            self.file = self.path.open("rb")
            self.raw += complete_lines(self.file)
        return self.raw

    def lines(self, request_id: str) -> list[dict[str, Any]]:
        """The lines of one request that are stored by now."""
        entries = [json.loads(line) for line in self.new() if request_id.encode() in line]
        return [entry for entry in entries if entry.get("request_id") == request_id]

    def all(self) -> Iterator[bytes]:
        """Every line of all files, those from before as well, the oldest first."""
        for number in sorted({int(path.name.split(".")[2]) for path in self.path.parent.glob("pod.log.[0-9]*")}):
            yield from full_file(self.path.with_name(f"pod.log.{number}")).splitlines()
        yield from complete_lines(self.path.open("rb"))


class Metrics:
    """Prometheus, asked by its HTTP interface."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def _data(self, path: str, **parameters: str) -> Any:
        answer = self.client.get(path, params=parameters).raise_for_status().json()
        return answer["data"]

    def samples(self, query: str) -> list[dict[str, Any]]:
        """Each label set that a query finds: `metric` holds its labels, `value` its time and value."""
        return self._data("/api/v1/query", query=query)["result"]

    def value(self, query: str) -> float:
        """The sum over all that a query finds; 0 for a counter that has not begun."""
        return sum(float(sample["value"][1]) for sample in self.samples(query))

    def knows(self, query: str) -> bool:
        """Whether a query can find anything: rootless on cgroup v1, Podman puts no limit in force."""
        return not OF_LIMITED.search(query) or bool(self.samples("pod_memory_limit_bytes"))

    def alerts(self) -> dict[str, str]:
        """The state of each alert that the rules define, by its name."""
        return {rule["name"]: rule["state"] for group in self.rules("alert") for rule in group["rules"]}

    def rules(self, kind: str) -> list[dict[str, Any]]:
        """The groups of rules, with those of one kind: alert or record."""
        groups: list[dict[str, Any]] = self._data("/api/v1/rules", type=kind)["groups"]
        return groups

    def wait_for_scrape(self) -> float:
        """Wait until all that has happened before this call is in the numbers; return the time of the call."""
        now = time.time()
        query = 'timestamp(up{job="server"}) and up{job="server"} == 1'
        # On the way up the first scrape may come too early.
        wait_for(lambda: self.value(query) > now, 3 * SCRAPE_SECONDS, "no new scrape of the server")
        return now
