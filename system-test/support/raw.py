"""Bytes on a socket, for what no client would send."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

SECONDS = 15.0  # longer than nginx waits for a slow client: client_header_timeout in services/server/nginx/nginx.conf


@dataclass(frozen=True)
class Answer:
    """One answer, or what came instead of it: a status of 0 and no headers."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@contextmanager
def connected(hostport: str, seconds: float = SECONDS) -> Iterator[socket.socket]:
    """Lend a connection to the server."""
    host, _, port = hostport.rpartition(":")
    with socket.create_connection((host, int(port)), seconds) as connection:
        yield connection


def exchange(hostport: str, request: bytes) -> Answer:
    """Send bytes on a connection of their own, and return the one answer that comes before it is closed."""
    with connected(hostport) as connection:
        # Refused before it was read; the answer is there all the same.
        with suppress(ConnectionError):
            connection.sendall(request)
        return parse(everything(connection))


def everything(connection: socket.socket) -> bytes:
    """Read until the other side closes; TimeoutError where it does not."""
    received = b""
    # The server closed with a part of the request unread.
    with suppress(ConnectionResetError):
        while part := connection.recv(65536):
            received += part
    return received


def parse(received: bytes) -> Answer:
    """Take an answer apart. An interim one, as 100, is skipped; one of HTTP/0.9 is all body."""
    head, _, body = received.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/"):
        return Answer(0, {}, received)
    first, *lines = head.decode("latin-1").split("\r\n")
    status = int(first.split(" ")[1])
    if status < 200:
        return parse(body)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Answer(status, headers, body)
