"""The counters of the server's workers: a file for each slot, added up by the library that wrote them."""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

BEGIN = 8  # where the first value is
FOLDER = Path("/run/stats/server")  # services/server/run.toml
# The library has no error of its own for a damaged file.
DAMAGE = (ValueError, RuntimeError, LookupError, TypeError, OverflowError, OSError, struct.error)


def collect() -> Iterator[Metric]:
    """Yield the sums over all files that can be read."""
    files = sorted(map(str, FOLDER.glob("*.db")))
    good = [file for file in files if is_begun(file)]
    try:
        merged = merge(good)
    except DAMAGE:
        good = [file for file in good if is_whole(file)]
        merged = merge(good)
    yield from merged
    yield GaugeMetricFamily("worker_damaged_files", "Files of workers that cannot be read", len(files) - len(good))


def is_begun(file: str) -> bool:
    """Whether the header gives a size within the file: the library trusts any number.

    services/server/src/runtime/metric_files.py has the same check, in another image.
    """
    path = Path(file)
    with path.open("rb") as head:
        used: int = struct.unpack("i", head.read(4).ljust(4, b"\xff"))[0]
    return used == 0 or BEGIN <= used <= path.stat().st_size


def merge(files: Iterable[str]) -> list[Metric]:
    return list(MultiProcessCollector.merge(files))  # type: ignore[no-untyped-call]


def is_whole(file: str) -> bool:
    try:
        merge([file])
    except DAMAGE:
        return False
    return True
