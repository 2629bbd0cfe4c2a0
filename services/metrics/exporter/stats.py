"""Read the metrics that each container writes to /run/stats/SERVICE as SERVICE.prom and SERVICE.*.prom."""

import time
from collections.abc import Iterator
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from exporter import bounded

FOLDER = Path("/run/stats")  # one volume for each container, so that none writes in the name of another: pod.yaml
BYTES = 256 * 1024  # of a file; the longest has 2,000
ALIVE = "resources"  # the file that every container writes: services/supervisor/resources.py
STALE_SECONDS = 15.0  # three times the interval at which it is written


def files(service: str) -> list[Path]:
    """The files of one service."""
    folder = FOLDER / service
    return [folder / name for name in bounded.names(folder, ".prom") if name.split(".")[0] == service]


def services() -> list[str]:
    """The containers that have written since the pod was started."""
    return sorted(folder.name for folder in FOLDER.iterdir() if alive(folder.name).exists())


def alive(service: str) -> Path:
    """The file that a service writes as long as it lives."""
    return FOLDER / service / f"{service}.{ALIVE}.prom"


def is_fresh(service: str) -> bool:
    """Whether the container has written its file recently."""
    try:
        return time.time() - alive(service).lstat().st_mtime < STALE_SECONDS
    except OSError:
        return False


def collect(service: str) -> Iterator[Metric]:
    """Yield the metrics of all files that can be read, and the time of each file, which shows stale ones."""
    times = GaugeMetricFamily("stats_time_seconds", "When a file of numbers was written", labels=["file"])
    damaged = 0
    for file in files(service):
        try:
            content, written = bounded.read(file, BYTES)
            yield from list(text_string_to_metric_families(content.decode()))
            times.add_metric([file.name], written)
        # The parser has no error of its own for what is not its format.
        except Exception:  # noqa: BLE001
            damaged += 1
    yield times
    yield GaugeMetricFamily("stats_damaged_files", "Files of numbers that cannot be read", damaged)
