"""Keep the numbers of rsyslog, which come as lines of JSON, in a file that the container `metrics` reads."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from supervisor import counters
from supervisor.resources import Sample, text

FILE = counters.FOLDER / "log.rsyslog.prom"
# Each by its name, with its kind. Nothing is sent on, waits or is left out where there is no collector.
KINDS = {
    "rsyslog_received_total": "counter",
    "rsyslog_stored_total": "counter",
    "rsyslog_forward_sent_total": "counter",
    "rsyslog_forward_discarded_total": "counter",
    "rsyslog_forward_waiting": "gauge",
}


def counted(line: str) -> dict[str, int]:
    """What one line of impstats says of these; rsyslog.conf and forward.conf give the names of the actions."""
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
    """Write the file anew with each change until there are no more lines."""
    known: dict[str, int] = dict.fromkeys(KINDS, 0)
    written: dict[str, int] = {}
    for line in lines:
        known |= counted(line)
        if known != written:
            counters.replace(file, text(Sample(name, KINDS[name], value) for name, value in known.items()))
            written = known.copy()


if __name__ == "__main__":
    keep(sys.stdin)
