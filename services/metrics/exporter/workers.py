"""The counters of the server's workers: a file for each slot, added up by the library that wrote them."""

import struct
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

from exporter import bounded

BEGIN = 8  # where the first value is
BYTES = 1 << 20  # of a file; the longest has 64 KiB
FOLDER = Path("/run/stats/server/workers")  # services/server/run.toml
# The library has no error of its own for a damaged file.
DAMAGE = (ValueError, RuntimeError, LookupError, TypeError, OverflowError, OSError, struct.error)


def collect() -> Iterator[Metric]:
    """Yield the sums over all files that can be read."""
    files = bounded.names(FOLDER, ".db")
    # The library opens what it reads by its name, behind which the server could put anything meanwhile.
    with tempfile.TemporaryDirectory(prefix="workers") as copies:
        good = [str(copy) for name in files if (copy := copied(name, Path(copies)))]
        try:
            merged = merge(good)
        except DAMAGE:
            good = [file for file in good if is_whole(file)]
            merged = merge(good)
    yield from merged
    yield GaugeMetricFamily("worker_damaged_files", "Files of workers that cannot be read", len(files) - len(good))


def copied(name: str, copies: Path) -> Path | None:
    """A copy of a worker's file, or None if it cannot be read."""
    try:
        content, _ = bounded.read(FOLDER / name, BYTES)
    except (OSError, ValueError):
        return None
    return write(copies / name, content) if is_begun(content) else None


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def is_begun(content: bytes) -> bool:
    """Whether the header gives a size within the file: the library trusts any number.

    services/server/src/runtime/metric_files.py has the same check, in another image.
    """
    used: int = struct.unpack("i", content[:4].ljust(4, b"\xff"))[0]
    return used == 0 or BEGIN <= used <= len(content)


def merge(files: Iterable[str]) -> list[Metric]:
    return list(MultiProcessCollector.merge(files))  # type: ignore[no-untyped-call]


def is_whole(file: str) -> bool:
    try:
        merge([file])
    except DAMAGE:
        return False
    return True
