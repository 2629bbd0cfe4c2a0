"""Read the metrics that each container writes to /run/stats as SERVICE.prom and SERVICE.*.prom."""

import time
from collections.abc import Iterator
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

FOLDER = Path("/run/stats")
ALIVE = "resources"  # the file that every container writes: services/supervisor/resources.py
STALE_SECONDS = 15.0  # three times the interval at which it is written


def files(service: str) -> list[Path]:
    """The files of one service, each once."""
    return sorted({*FOLDER.glob(f"{service}.prom"), *FOLDER.glob(f"{service}.*.prom")})


def services() -> list[str]:
    """The containers that have written since the pod was started."""
    return sorted(file.name.removesuffix(f".{ALIVE}.prom") for file in FOLDER.glob(f"*.{ALIVE}.prom"))


def is_fresh(service: str) -> bool:
    """Whether the container has written its file recently."""
    try:
        return time.time() - (FOLDER / f"{service}.{ALIVE}.prom").stat().st_mtime < STALE_SECONDS
    except FileNotFoundError:
        return False


def collect(service: str) -> Iterator[Metric]:
    """Yield the metrics of all files that can be read, and the time of each file, which shows stale ones."""
    times = GaugeMetricFamily("stats_time_seconds", "When a file of numbers was written", labels=["file"])
    damaged = 0
    for file in files(service):
        times.add_metric([file.name], file.stat().st_mtime)
        try:
            yield from list(text_string_to_metric_families(file.read_text()))
        except (ValueError, OSError):
            damaged += 1
    yield times
    yield GaugeMetricFamily("stats_damaged_files", "Files of numbers that cannot be read", damaged)
