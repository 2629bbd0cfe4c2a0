"""Send lines over RELP, the syslog protocol that acknowledges each line: https://www.rsyslog.com/doc/tutorials/reliable_forwarding.html"""

import contextlib
import itertools
import socket
from collections.abc import Iterator

CONNECT_SECONDS = 2.0
CLOSE_SECONDS = 0.2  # to wait for the answer when closing
OFFER = b"relp_version=0\nrelp_software=supervisor\ncommands=syslog"


class Connection:
    """A session with the log. It waits for a log that is frozen; any other fault is an OSError."""

    def __init__(self, address: tuple[str, int], seconds: float | None = None) -> None:
        self.socket = socket.create_connection(address, CONNECT_SECONDS)
        self.socket.settimeout(seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answers = self.socket.makefile("rb")
        self.numbers = itertools.count(1)
        try:
            self.socket.sendall(self._frame(b"open", OFFER))
            self._read_offer()
        except OSError:
            self.close()
            raise

    def send(self, messages: list[bytes]) -> None:
        """Send messages; `taken` waits for their acknowledgements."""
        self.socket.sendall(b"".join([self._frame(b"syslog", message) for message in messages]))

    def taken(self, missing: int) -> Iterator[int]:
        """Yield how many further messages the log has acknowledged, in order, until none is missing."""
        begin = b""
        while missing:
            # Otherwise the log's kernel delays its next small answer until ours acknowledges the last one, after 40 ms.
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            answer = self.answers.read1()
            if not answer:
                raise ConnectionError("the log has closed the connection")
            *answers, begin = (begin + answer).split(b"\n")
            # A log that shuts down sends a hint, which is not an answer.
            count = sum(b" rsp " in one for one in answers)
            missing -= count
            yield count

    def close(self) -> None:
        """Close the session and wait for the answer: rsyslog logs an error if a client just disconnects."""
        with contextlib.suppress(OSError):
            self.socket.settimeout(CLOSE_SECONDS)
            self.socket.sendall(self._frame(b"close", b""))
            self.answers.readline()
        self.answers.close()
        self.socket.close()

    def _frame(self, command: bytes, data: bytes) -> bytes:
        number = next(self.numbers) % 999_999_999
        return b"%d %s %d %s\n" % (number, command, len(data), data) if data else b"%d %s 0\n" % (number, command)

    def _read_offer(self) -> None:
        """Read the answer to the offer; it has several lines."""
        try:
            _, _, size, begin = self.answers.readline().split(b" ", 3)
            self.answers.read(int(size) - len(begin) + 1)
        except ValueError as error:
            raise ConnectionError("the log does not speak RELP") from error
