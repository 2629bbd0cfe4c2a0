"""Lines over RELP, the syslog in which each line is acknowledged: https://www.rsyslog.com/doc/tutorials/reliable_forwarding.html"""

import contextlib
import itertools
import socket
from collections.abc import Iterator

CONNECT_SECONDS = 2.0
CLOSE_SECONDS = 0.2  # for the answer to the good-bye
OFFER = b"relp_version=0\nrelp_software=run.py\ncommands=syslog"


class Connection:
    """A session with the log. A frozen log is waited for; any other fault is an OSError."""

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
        """Send messages, for each of which `taken` waits."""
        self.socket.sendall(b"".join([self._frame(b"syslog", message) for message in messages]))

    def taken(self, missing: int) -> Iterator[int]:
        """Yield how many more of the messages, in their order, the log has taken until it has all that are missing."""
        begin = b""
        while missing:
            # Else the log's kernel holds its next small answer back until ours says, after 40 ms, that it has the last.
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            answer = self.answers.read1()
            if not answer:
                raise ConnectionError("the log has closed the connection")
            *answers, begin = (begin + answer).split(b"\n")
            # A log that ends sends a hint, which answers nothing.
            count = sum(b" rsp " in one for one in answers)
            missing -= count
            yield count

    def close(self) -> None:
        """Say good-bye and wait for the answer, since the log complains of those who just leave."""
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
        """Read the answer to our offer, which has several lines."""
        try:
            _, _, size, begin = self.answers.readline().split(b" ", 3)
            self.answers.read(int(size) - len(begin) + 1)
        except ValueError as error:
            raise ConnectionError("the log speaks no RELP") from error
