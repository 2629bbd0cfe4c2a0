"""Ship the lines of a container to standard output and to the container `log`.

If `log` is down, frozen or slow, lines may be dropped and are counted, but nothing waits. Every line is either stored
or counted as dropped, because `log` acknowledges each. If `log` is killed, it may get its last lines twice.
"""

import contextlib
import os
import queue
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from supervisor import counters, relp

ADDRESS = ("127.0.0.1", 1514)  # rsyslog.conf has the same port
QUEUE_BYTES = 16 * 1024 * 1024  # some 50,000 lines of requests
BATCH_LINES = 256  # are acknowledged before more are sent
GATHER_SECONDS = 0.02  # wait for answers and more lines; a line sent alone takes twice the CPU
RETRY_SECONDS = 0.2
CLOSE_SECONDS = 2.0  # at most, to send the last lines at the end
COUNT_SECONDS = 1.0  # between two writes of the counters
SENT, DROPPED, WAITING = "pod_log_lines_sent_total", "pod_log_lines_dropped_total", "pod_log_lines_waiting"


def now() -> str:
    """The time as it is in a line: UTC, with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class Lines(queue.Queue[list[bytes]]):
    """A queue of groups of lines; `maxsize` limits their memory in bytes."""

    def _init(self, maxsize: int) -> None:
        super()._init(maxsize)
        self.bytes = 0

    def _qsize(self) -> int:
        return self.bytes

    def _put(self, lines: list[bytes]) -> None:
        super()._put(lines)
        self.bytes += sum(map(sys.getsizeof, lines))

    def _get(self) -> list[bytes]:
        lines = super()._get()
        self.bytes -= sum(map(sys.getsizeof, lines))
        return lines


class Log:
    """Prints lines and sends them to the log in the background."""

    def __init__(self, service: str, address: tuple[str, int] = ADDRESS, folder: Path | None = None) -> None:
        self.service, self.address, self.folder = service, address, folder or counters.FOLDER / service
        self.lines = Lines(QUEUE_BYTES)
        earlier = counters.read(service, self.folder)
        self.sent = earlier.get(SENT, 0)
        # Lines that were waiting when an earlier run was killed are lost.
        self.dropped = self.reported = earlier.get(DROPPED, 0) + earlier.get(WAITING, 0)
        self.stored = self.sent - self.dropped
        self.lock = threading.Lock()  # for these numbers and for standard output
        self.connection: relp.Connection | None = None
        self.closing = threading.Event()
        self.sender = threading.Thread(target=self._send_all, daemon=True)
        self.sender.start()
        threading.Thread(target=self._count, daemon=True).start()

    def write(self, process: str, line: bytes) -> None:
        """Print a line with the current time, and queue it or count it as dropped; never wait."""
        self.write_all(process, [(now(), line)])

    def write_all(self, process: str, lines: list[tuple[str, bytes]]) -> None:
        """Print and queue lines that were read together, each with its time; either all of them are queued or none."""
        self._print([line for _, line in lines])
        with self.lock:
            self.sent += len(lines)
        try:
            self.lines.put_nowait([self._message(process, line, time) for time, line in lines])
        except (queue.Full, queue.ShutDown):
            with self.lock:
                self.dropped += len(lines)

    def close(self) -> None:
        """Send the queued lines, for CLOSE_SECONDS at most; print how many lines were lost."""
        self.closing.set()
        self.lines.shutdown()
        self.sender.join(CLOSE_SECONDS)
        with self.lock:
            self.dropped = self.sent - self.stored
        if lost := self.dropped - self.reported:
            self._print([drop_report(lost)])
        self._write_counters()

    def _print(self, lines: list[bytes]) -> None:
        # Without a reader of standard output the service goes on.
        with self.lock, contextlib.suppress(BrokenPipeError):
            os.write(1, b"\n".join([*lines, b""]))

    def _message(self, process: str, line: bytes, time: str) -> bytes:
        """The line as a message of RFC 5424: facility user, severity info, no host and no message id."""
        return f"<14>1 {time} - {self.service} {process} - - ".encode() + line

    def _send_all(self) -> None:
        with contextlib.suppress(queue.ShutDown):
            while self._send(self._waiting()) and self._report_dropped():
                pass
        self._disconnect()

    def _disconnect(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None

    def _waiting(self) -> list[bytes]:
        """Wait for a line; return it with those that follow it in the queue."""
        lines = self.lines.get()
        with contextlib.suppress(queue.Empty, queue.ShutDown):
            while len(lines) < BATCH_LINES:
                lines += self.lines.get_nowait()
        return lines

    def _send(self, messages: list[bytes]) -> bool:
        """Send messages, however long it takes; give up only if the log is unreachable while closing."""
        while messages:
            try:
                self.connection = self.connection or relp.Connection(self.address)
                batch = messages[:BATCH_LINES]
                self.connection.send(batch)
                if self.lines.empty():
                    self.closing.wait(GATHER_SECONDS)
                for taken in self.connection.taken(len(batch)):
                    del messages[:taken]
                    with self.lock:
                        self.stored += taken
            except OSError:
                self._disconnect()
                if self.closing.wait(RETRY_SECONDS):
                    return False
        return True

    def _report_dropped(self) -> bool:
        """Send the log a line that says how many lines were dropped."""
        if not (lost := self.dropped - self.reported):
            return True
        self.reported += lost
        with self.lock:
            self.sent += 1
        return self._send([self._message("run", drop_report(lost), now())])

    def _count(self) -> None:
        """Write the file of counters whenever they have changed."""
        before = None
        while not self.closing.wait(COUNT_SECONDS):
            if (now := (self.sent, self.stored)) != before:
                self._write_counters()
            before = now

    def _write_counters(self) -> None:
        with self.lock:
            waiting = self.sent - self.stored - self.dropped
            values = {SENT: self.sent, DROPPED: self.dropped, WAITING: waiting}
        # The service goes on without its counters.
        with contextlib.suppress(OSError):
            counters.write(self.service, values, self.folder)


def drop_report(count: int) -> bytes:
    """The line that reports dropped lines."""
    return b'{"level":"WARNING","logger":"run","message":"log lines dropped","dropped":%d}' % count
