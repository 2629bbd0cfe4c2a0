"""The load of the workers: https://uwsgi-docs.readthedocs.io/en/latest/StatsServer.html"""

import json
import socket
import struct
from collections.abc import Iterator
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from exporter import bounded, http

ADDRESS = ("127.0.0.1", 8082)  # services/server/uwsgi.ini
SOCKET = b"/run/server/uwsgi.sock"  # services/server/uwsgi.ini
BYTES = 1 << 20  # of the numbers; a worker has 2,000
STATES = ["idle", "busy"]
# Of <linux/sock_diag.h> and <linux/unix_diag.h>.
NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, REQUEST_DUMP = 4, 20, 0x301
LISTENING, SHOW_NAME_AND_QUEUE, NAME, QUEUE = 1 << 10, 0b10001, 0, 4
ANY = 0xFFFFFFFF


def collect() -> Iterator[Metric]:
    """Yield the numbers of the master process, and the requests that wait. Raises OSError and ValueError."""
    numbers = master()
    yield from of_workers(numbers["workers"])
    yield from of_cache(numbers["caches"][0])
    waiting, limit = backlog()
    yield GaugeMetricFamily("uwsgi_queue", "Requests that wait for a worker", waiting)
    yield GaugeMetricFamily("uwsgi_queue_limit", "Requests that may wait; the next one is a 502", limit)


def master() -> dict[str, Any]:
    """The numbers that uWSGI's master process reports."""
    with bounded.connection(ADDRESS, http.SECONDS) as lent:
        numbers: dict[str, Any] = json.loads(bounded.received(lent, BYTES))
        return numbers


def of_workers(workers: list[dict[str, Any]]) -> Iterator[Metric]:
    """Yield sums over all workers: a single worker's numbers mean nothing."""
    states = [worker["status"] for worker in workers]
    family = GaugeMetricFamily("uwsgi_workers", "Workers by what they do", labels=["state"])
    for state in STATES:
        family.add_metric([state], states.count(state))
    family.add_metric(["other"], sum(state not in STATES for state in states))
    yield family
    for field, name, text in [
        ("requests", "uwsgi_requests", "Requests that workers have answered"),
        ("exceptions", "uwsgi_exceptions", "Exceptions that left the application"),
        ("harakiri_count", "uwsgi_harakiris", "Workers ended since a request took too long"),
        ("respawn_count", "uwsgi_spawns", "Workers started, the first ones as well"),
    ]:
        yield CounterMetricFamily(name, text, sum(worker[field] for worker in workers))


def of_cache(cache: dict[str, Any]) -> Iterator[Metric]:
    yield GaugeMetricFamily("uwsgi_cache_items", "Entries in the cache that workers share", cache["items"])
    yield GaugeMetricFamily("uwsgi_cache_items_limit", "Entries that fit", cache["max_items"])
    yield CounterMetricFamily("uwsgi_cache_hits", "Entries that were there when asked for", cache["hits"])
    yield CounterMetricFamily("uwsgi_cache_misses", "Entries that were not", cache["miss"])
    yield CounterMetricFamily("uwsgi_cache_full", "Entries that found no room", cache["full"])


def backlog() -> tuple[int, int]:
    """The length and the limit of the socket's queue, from the kernel: uWSGI reports those of TCP sockets only.

    Raises OSError, and LookupError if no such socket listens in this network namespace.
    """
    request = struct.pack("=BBHIIIII", socket.AF_UNIX, 0, 0, LISTENING, 0, SHOW_NAME_AND_QUEUE, ANY, ANY)
    header = struct.pack("=IHHII", 16 + len(request), SOCK_DIAG_BY_FAMILY, REQUEST_DUMP, 0, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG) as kernel:
        kernel.settimeout(http.SECONDS)
        kernel.send(header + request)
        found = dict(listening(kernel.recv(1 << 20)))
    return found[SOCKET]


def listening(messages: bytes) -> Iterator[tuple[bytes, tuple[int, int]]]:
    """Yield the name and the queue of each listening socket, from one netlink message each."""
    while len(messages) > 32:
        (length,) = struct.unpack_from("=I", messages)
        attributes = dict(parts(messages[32:length]))
        if NAME in attributes and QUEUE in attributes:
            queue = struct.unpack("=II", attributes[QUEUE])
            yield attributes[NAME].rstrip(b"\0"), queue
        messages = messages[aligned(length) :]


def parts(attributes: bytes) -> Iterator[tuple[int, bytes]]:
    while len(attributes) >= 4:
        length, kind = struct.unpack_from("=HH", attributes)
        yield kind, attributes[4:length]
        attributes = attributes[aligned(length) :]


def aligned(length: int) -> int:
    return (length + 3) & ~3
