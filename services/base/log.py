"""The lines of a container on their way to standard output and to the container `log`.

A log that is away, frozen or slow costs lines, which are counted, never time. Every line written is stored or counted
as dropped; only what the log's kernel had taken when the log died is unknown, since nothing acknowledges a line.
"""

import contextlib
import os
import queue
import socket
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

ADDRESS = ("127.0.0.1", 1514)  # rsyslog.conf has the same port
# Longer ones are split. A request makes 50 KB at the most: its address, twice, each byte as an escape of six.
# Below a third of maxMessageSize in rsyslog.conf, since each byte that is no UTF-8 becomes three.
LINE_BYTES = 56 * 1024
CONTINUED = b"... "
QUEUE_BYTES = 16 * 1024 * 1024  # some 50,000 lines of requests
CONNECT_SECONDS = 2.0
RETRY_SECONDS = 0.2
CLOSE_SECONDS = 2.0  # the longest that the last lines may take at the end


def read_lines(pipe: int) -> Iterator[bytes]:
    """Yield the lines of a pipe without their ends, the last one also when it has none, until the pipe is closed."""
    with open(pipe, "rb") as file:
        begin = b""
        while line := file.readline(LINE_BYTES):
            # A split may fall into a character, and a program may print anything; the log holds UTF-8.
            yield begin + line.removesuffix(b"\n").decode(errors="replace").encode()
            # The rest of a line, which a client may have chosen, must not pass for a line of its own.
            begin = b"" if line.endswith(b"\n") else CONTINUED


class Lines(queue.Queue[bytes]):
    """Lines that wait; `maxsize` bounds the memory that they take, in bytes, not their number."""

    def _init(self, maxsize: int) -> None:
        super()._init(maxsize)
        self.bytes = 0

    def _qsize(self) -> int:
        return self.bytes

    def _put(self, line: bytes) -> None:
        super()._put(line)
        self.bytes += sys.getsizeof(line)

    def _get(self) -> bytes:
        line = super()._get()
        self.bytes -= sys.getsizeof(line)
        return line


class Log:
    """Prints lines and sends them to the log in the background."""

    def __init__(self, service: str, address: tuple[str, int] = ADDRESS) -> None:
        self.service, self.address = service, address
        self.lines = Lines(QUEUE_BYTES)
        self.dropped = 0
        self.lock = threading.Lock()  # of `dropped` and of standard output
        self.connection: socket.socket | None = None
        self.closing = threading.Event()
        self.sender = threading.Thread(target=self._send_all, daemon=True)
        self.sender.start()

    def write(self, process: str, line: bytes) -> None:
        """Print one line and queue it for the log, or count it as dropped; never wait for the log."""
        self._print(line)
        try:
            self.lines.put_nowait(self._message(process, line))
        except (queue.Full, queue.ShutDown):
            with self.lock:
                self.dropped += 1

    def close(self) -> None:
        """Send what is queued, CLOSE_SECONDS at most; print how many lines were lost."""
        self.closing.set()
        self.lines.shutdown()
        self.sender.join(CLOSE_SECONDS)
        if lost := self.dropped + self.lines.unfinished_tasks:
            self._print(drop_report(lost))

    def _print(self, line: bytes) -> None:
        # Nobody reads any more: no reason to stop the service.
        with self.lock, contextlib.suppress(BrokenPipeError):
            os.write(1, line + b"\n")

    def _message(self, process: str, line: bytes) -> bytes:
        """Return the line in the form of RFC 5424: facility user, severity info, no host and no message id."""
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        return f"<14>1 {now} - {self.service} {process} - - ".encode() + line + b"\n"

    def _send_all(self) -> None:
        with contextlib.suppress(queue.ShutDown):
            while self._send(self.lines.get()):
                self.lines.task_done()
                self._report_dropped()
        self._disconnect()

    def _report_dropped(self) -> None:
        dropped = self.dropped
        if dropped and self._send(self._message("run", drop_report(dropped))):
            with self.lock:
                self.dropped -= dropped

    def _send(self, message: bytes) -> bool:
        """Send a message, however long it takes; give up only when the log is away while closing."""
        while True:
            try:
                self._connected().sendall(message)
                return True
            except OSError:
                if self.closing.wait(RETRY_SECONDS):
                    return False

    def _connected(self) -> socket.socket:
        """Return a connection that the log has not closed: what is sent on a closed one is lost unnoticed."""
        if self.connection and not is_open(self.connection):
            self._disconnect()
        if not self.connection:
            self.connection = socket.create_connection(self.address, CONNECT_SECONDS)
            # A frozen log: wait, since a second connection would leave half a line on the first.
            self.connection.settimeout(None)
        return self.connection

    def _disconnect(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


def is_open(connection: socket.socket) -> bool:
    """Tell whether the other side, which never sends anything, still holds a connection."""
    try:
        return bool(connection.recv(1, socket.MSG_DONTWAIT))
    except BlockingIOError:
        return True
    except OSError:
        return False


def drop_report(count: int) -> bytes:
    """Return the line that tells of lost lines."""
    return b'{"level":"WARNING","logger":"run","message":"log lines dropped","dropped":%d}' % count
