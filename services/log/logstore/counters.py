"""Write the counters of rsyslog, which arrive as lines of JSON, to a file that the container `metrics` reads.

rsyslogd that cannot listen goes on without: a process of another container may have taken the port while it restarted.
So this program, which rsyslogd starts, ends it if the port is not its own.
"""

import json
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from supervisor import counters
from supervisor.resources import Sample, text

FILE = counters.FOLDER / "log" / "log.rsyslog.prom"
PORT = 1514  # rsyslog.conf has the same
SOCKETS = Path("/proc/net/tcp")
LISTENING = "0A"  # https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
# The kind of each metric. Without a collector the numbers of forwarding stay 0.
KINDS = {
    "rsyslog_received_total": "counter",
    "rsyslog_stored_total": "counter",
    "rsyslog_forward_sent_total": "counter",
    "rsyslog_forward_discarded_total": "counter",
    "rsyslog_forward_waiting": "gauge",
}


def counted(line: str) -> dict[str, int]:
    """The metrics in one line of impstats; the names of actions are from rsyslog.conf and forward.conf."""
    match json.loads(line):
        case {"origin": "imrelp", "submitted": received}:
            return {"rsyslog_received_total": received}
        case {"name": "store", "processed": taken, "failed": failed}:
            return {"rsyslog_stored_total": taken - failed}
        case {"origin": "omfwd", "messages.sent": sent}:
            return {"rsyslog_forward_sent_total": sent}
        case {"name": "forward queue", "size": waiting, "discarded.full": full, "discarded.nf": nearly_full}:
            return {"rsyslog_forward_waiting": waiting, "rsyslog_forward_discarded_total": full + nearly_full}
    return {}


def is_listening(sockets: Path = SOCKETS) -> bool:
    """Whether a process of this user listens on the port: each container of the pod has a user of its own."""
    rows = [line.split() for line in sockets.read_text().splitlines()[1:]]
    users = {int(row[7]) for row in rows if row[1].endswith(f":{PORT:04X}") and row[3] == LISTENING}
    return os.getuid() in users


def keep(lines: Iterable[str], file: Path = FILE) -> None:
    """Rewrite the file after each change until the lines end."""
    known: dict[str, int] = dict.fromkeys(KINDS, 0)
    written: dict[str, int] = {}
    for line in lines:
        known |= counted(line)
        if known != written:
            counters.replace(file, text(Sample(name, KINDS[name], value) for name, value in known.items()))
            written = known.copy()


def while_listening(lines: Iterable[str], sockets: Path = SOCKETS) -> Iterator[str]:
    """Yield the lines; end the process that prints them as soon as it does not listen."""
    for line in lines:
        if not is_listening(sockets):
            os.kill(os.getppid(), signal.SIGTERM)
            return
        yield line


if __name__ == "__main__":
    keep(while_listening(sys.stdin))
