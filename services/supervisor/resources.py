"""Measure the resources of this container, and write them in Prometheus' text format for the container `metrics`.

The file is `/run/stats/SERVICE/SERVICE.resources.prom`. If it cannot be written, nothing is measured and the container
goes on.
"""

import contextlib
import os
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from supervisor import counters

SECONDS = 5.0  # as often as Prometheus scrapes: prometheus.yml
WALK_SECONDS = 60.0  # adding up the files of a volume takes milliseconds
CGROUP = Path("/sys/fs/cgroup")
NO_LIMIT = 1 << 60  # the value in cgroup v1 for "max"
STARTED = time.time()


class Sample(NamedTuple):
    """One sample in the file."""

    name: str
    kind: str  # counter or gauge
    value: float
    labels: str = ""


def control(*names: str) -> str:
    """The text of the first of these files that the control group has: v2 before v1."""
    for name in names:
        with contextlib.suppress(OSError):
            return (CGROUP / name).read_text()
    return ""


def fields(text: str) -> dict[str, int]:
    """The numbers by name in a file that has one of each per line."""
    pairs = (line.split() for line in text.splitlines())
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}


def control_group() -> Iterator[Sample]:
    """The kernel's numbers for the container.

    None if its memory limit is not in force, as with rootless Podman on cgroup v1: its control group is then that of
    the whole machine.
    """
    limit = control("memory.max", "memory/memory.limit_in_bytes").strip()
    if limit.isdigit() and int(limit) < NO_LIMIT:
        yield Sample("pod_memory_limit_bytes", "gauge", int(limit))
        yield from memory()
        yield from processor()


def memory() -> Iterator[Sample]:
    """Memory that the kernel cannot reclaim, and how many processes it has killed at the limit."""
    usage = control("memory.current", "memory/memory.usage_in_bytes")
    stat = fields(control("memory.stat", "memory/memory.stat"))
    events = fields(control("memory.events", "memory/memory.oom_control"))
    cache = sum(stat.get(f"total_{name}", stat.get(name, 0)) for name in ["active_file", "inactive_file"])
    if usage:
        yield Sample("pod_memory_bytes", "gauge", max(0, int(usage) - cache))
    if "oom_kill" in events:
        yield Sample("pod_oom_kills_total", "counter", events["oom_kill"])


def processor() -> Iterator[Sample]:
    """The CPU time of all processes of the container, and the time for which the limit has throttled them."""
    stat = fields(control("cpu.stat", "cpu/cpu.stat"))
    nanoseconds = control("cpuacct/cpuacct.usage").strip()
    if "usage_usec" in stat:
        yield Sample("pod_cpu_seconds_total", "counter", stat["usage_usec"] / 1e6)
    elif nanoseconds:
        yield Sample("pod_cpu_seconds_total", "counter", int(nanoseconds) / 1e9)
    throttled = stat.get("throttled_usec", stat.get("throttled_time", 0) // 1000)
    yield Sample("pod_cpu_throttled_seconds_total", "counter", throttled / 1e6)


def disks(folders: Iterable[str]) -> Iterator[Sample]:
    """The size of the disk of each folder, and the space that is free on it."""
    for folder in folders:
        with contextlib.suppress(OSError):
            disk, labels = os.statvfs(folder), f'{{path="{folder}"}}'
            yield Sample("pod_disk_bytes", "gauge", disk.f_blocks * disk.f_frsize, labels)
            yield Sample("pod_disk_free_bytes", "gauge", disk.f_bavail * disk.f_frsize, labels)


def volumes(folders: Iterable[str]) -> Iterator[Sample]:
    """The disk space of the files in each folder."""
    for folder in folders:
        yield Sample("pod_volume_bytes", "gauge", taken(folder), f'{{path="{folder}"}}')


def taken(folder: str) -> int:
    """The bytes on disk of a folder and all below it; a file that vanishes meanwhile is left out."""
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(f"{where}/{name}").st_blocks * 512
    return total


def identity() -> Iterator[Sample]:
    """The start time of this container, and the version of its image."""
    build = f'{{version="{os.environ.get("VERSION", "")}",revision="{os.environ.get("REVISION", "")}"}}'
    yield Sample("pod_start_time_seconds", "gauge", STARTED)
    yield Sample("pod_build_info", "gauge", 1, build)


def text(samples: Iterable[Sample]) -> str:
    """The samples in Prometheus' text format; samples with the same name are together."""
    lines: dict[str, list[str]] = {}
    for sample in samples:
        header = [f"# TYPE {sample.name} {sample.kind}"]
        lines.setdefault(sample.name, header).append(f"{sample.name}{sample.labels} {sample.value!r}")
    return "".join(f"{line}\n" for group in lines.values() for line in group)


def keep(service: str, folders: list[str]) -> None:
    """Write the file every few seconds; return if it cannot be written."""
    walked, sizes = 0.0, list[Sample]()
    with contextlib.suppress(OSError):
        while True:
            if time.monotonic() - walked > WALK_SECONDS or not walked:
                walked, sizes = time.monotonic(), [*volumes(folders)]
            samples = [*identity(), *control_group(), *disks(folders), *sizes]
            counters.replace(counters.FOLDER / service / f"{service}.resources.prom", text(samples))
            threading.Event().wait(SECONDS)
