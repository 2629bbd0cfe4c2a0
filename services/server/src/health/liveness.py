"""Whether a restart of the server would help: its master or its workers are stuck, and not by waiting for the database.

Only the process of health/server.py asks this: a worker that can answer is alive.
"""

import socket
import struct

from django.core.cache.backends.locmem import LocMemCache

from runtime import waiting

try:
    import uwsgi
except ImportError:  # under manage.py and pytest
    uwsgi = None

STATS = ("127.0.0.1", 8082)  # uwsgi.ini: the master answers there
WORKERS = "/run/server/uwsgi.sock"  # uwsgi.ini
# Together below the time that the probe waits for an answer: services/supervisor/probe.py.
MASTER_SECONDS = 0.5
WORKER_SECONDS = 1.3  # more than patience.PATIENCE_SECONDS, after which a wait for the database is known
KEPT_SECONDS = 1
PING = {"REQUEST_METHOD": "GET", "PATH_INFO": "/healthcheck/live/", "SERVER_NAME": "localhost", "SERVER_PORT": "8080"}
kept = LocMemCache("liveness", {})


def fault():
    """The part that is stuck, read at most a second ago; empty if none is, and in a worker."""
    if not uwsgi or uwsgi.mule_id() == 0:
        return ""
    if (found := kept.get("fault")) is None:
        found = find_fault()
        kept.set("fault", found, KEPT_SECONDS)
    return found


def find_fault():
    if not answers(socket.AF_INET, STATS, b"", MASTER_SECONDS):
        return "uWSGI's master does not answer"
    before = requests()
    if waiting.workers() or answers(socket.AF_UNIX, WORKERS, packet(PING), WORKER_SECONDS):
        return ""
    # Meanwhile workers may have begun to wait; under load they may have finished other requests before the ping.
    return "" if waiting.workers() or requests() != before else "no worker answers"


def answers(family, address, data, seconds):
    """Whether something comes back for the data in time."""
    try:
        with socket.socket(family) as connection:
            connection.settimeout(seconds)
            connection.connect(address)
            connection.sendall(data)
            return bool(connection.recv(1))
    except OSError:
        return False


def requests():
    """The number of requests that all workers have finished."""
    return sum(worker["requests"] for worker in uwsgi.workers())


def packet(variables):
    """A request in uWSGI's protocol: health/server.py."""
    words = [word.encode() for pair in variables.items() for word in pair]
    data = b"".join(struct.pack("<H", len(word)) + word for word in words)
    return struct.pack("<BHB", 0, len(data), 0) + data
