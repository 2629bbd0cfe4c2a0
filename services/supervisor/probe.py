"""Tell by the exit code whether a container answers: the liveness probes of pod.yaml.

Usage: python3 -m supervisor.probe http PORT PATH   (0 if 127.0.0.1 answers 200)
       python3 -m supervisor.probe tcp PORT         (0 if 127.0.0.1 accepts a connection)
       python3 -m supervisor.probe relp PORT        (0 if 127.0.0.1 opens and closes a session)
"""

import socket
import sys

from supervisor import relp

SECONDS = 2.0  # to connect, and again to answer; less than timeoutSeconds in pod.yaml, so that the reason is printed


def connect(port: int) -> socket.socket:
    """Connect to a port of this pod. Raises OSError."""
    return socket.create_connection(("127.0.0.1", port), SECONDS)


def http_status(port: int, path: str) -> int:
    """The status of the answer to a GET. Raises OSError; ValueError or IndexError if it is not HTTP."""
    with connect(port) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        return int(connection.makefile("rb").readline(64).split(b" ", 2)[1])


def main(kind: str, port: str, path: str = "/") -> str | None:
    """Probe the port; return what is wrong, or None."""
    try:
        if kind == "tcp":
            connect(int(port)).close()
        elif kind == "relp":
            # rsyslog logs an error if a client just disconnects.
            relp.Connection(("127.0.0.1", int(port)), SECONDS).close()
        elif (status := http_status(int(port), path)) != 200:
            return f"{path} on port {port} answered {status}"
    except (OSError, ValueError, IndexError) as error:
        return f"port {port}: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
