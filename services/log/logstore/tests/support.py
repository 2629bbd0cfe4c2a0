"""A folder of lines, and the search as it is run on it."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

MESSAGE = 47  # the column at which a printed message begins
# Where Python finds the package in another process.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def line(message, /, **fields):
    """A stored line as rsyslog.conf writes it."""
    origin = {"time": "2026-11-22T08:44:09.396418+00:00", "service": "server", "process": "uwsgi", "level": "INFO"}
    return json.dumps({**origin, "message": message, **fields}, separators=(",", ":")) + "\n"


def append(log, text):
    """Write as rsyslog does, at the end."""
    with log.open("a") as file:
        file.write(text)


def compressed(log, number, text):
    """A full file after its compression."""
    log.with_name(f"pod.log.{number}.gz").write_bytes(gzip.compress(text.encode()))


def command(log, *words):
    """The words of the command line."""
    return [sys.executable, "-m", "logstore.search", f"--folder={log.parent}", *words]


def search(log, *words):
    """Run to the end and return what was printed; AssertionError for an error."""
    result = subprocess.run(command(log, *words), env=ENVIRONMENT, capture_output=True, timeout=60, check=False)
    if result.returncode or result.stderr:
        raise AssertionError(result.stderr.decode())
    return result.stdout.decode()


def messages(log, *words):
    """The last word of the message of each printed line."""
    return [printed[MESSAGE:].partition("  [")[0].split()[-1] for printed in search(log, *words).splitlines()]
