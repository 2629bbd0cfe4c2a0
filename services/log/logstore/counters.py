"""Write the counters of rsyslog, which arrive as lines of JSON, to a file that the container `metrics` reads."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from supervisor import counters
from supervisor.resources import Sample, text

FILE = counters.FOLDER / "log.rsyslog.prom"
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


def keep(lines: Iterable[str], file: Path = FILE) -> None:
    """Rewrite the file after each change until the lines end."""
    known: dict[str, int] = dict.fromkeys(KINDS, 0)
    written: dict[str, int] = {}
    for line in lines:
        known |= counted(line)
        if known != written:
            counters.replace(file, text(Sample(name, KINDS[name], value) for name, value in known.items()))
            written = known.copy()


if __name__ == "__main__":
    keep(sys.stdin)
