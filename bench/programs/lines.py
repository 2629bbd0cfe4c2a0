"""Send lines to the pod's log as PID 1 of each container does; print how many lines per second it stored.

The queue is kept half full, so that no line is dropped; if one is, the program fails.
"""

import json
import tempfile
import threading
import time
from pathlib import Path

from supervisor import shipper

COUNT = 200_000
LINE = (
    b'{"level":"INFO","logger":"nginx.access","message":"GET /items/ 200","request_id":"0123456789abcdef",'
    b'"method":"GET","path":"/items/","status":200,"bytes":4200,"remote":"127.0.0.1"}'
)


class Quiet(shipper.Log):
    """A shipper that prints nothing: a hundred megabytes on standard output would be measured as well."""

    def _print(self, lines: list[bytes]) -> None:
        pass


def stored_per_second() -> float:
    with tempfile.TemporaryDirectory() as folder:
        lines = Quiet("bench", folder=Path(folder))
        start = time.monotonic()
        for _ in range(COUNT):
            while lines.lines.bytes > shipper.QUEUE_BYTES // 2:
                threading.Event().wait(0.001)
            lines.write("bench", LINE)
        while lines.stored < COUNT and not lines.dropped:
            threading.Event().wait(0.001)
        seconds = time.monotonic() - start
        lines.close()
    if lines.dropped:
        raise SystemExit(f"{lines.dropped} of {COUNT} lines were dropped")
    return COUNT / seconds


if __name__ == "__main__":
    print(json.dumps(stored_per_second()))
