"""Say by the exit code whether a part of the pod answers; what the liveness probes of pod.yaml run.

Usage: python3 -m supervisor.probe http PORT PATH   (0 when 127.0.0.1 answers 200)
       python3 -m supervisor.probe tcp PORT         (0 when 127.0.0.1 accepts a connection)
       python3 -m supervisor.probe relp PORT        (0 when 127.0.0.1 opens a session and says good-bye)
"""

import socket
import sys

from supervisor import relp

SECONDS = 2.0  # to connect, and to answer; together below timeoutSeconds in pod.yaml, so that the reason is printed


def connect(port: int) -> socket.socket:
    """Open a connection to the port of this pod; raises OSError."""
    return socket.create_connection(("127.0.0.1", port), SECONDS)


def http_status(port: int, path: str) -> int:
    """The status that a GET is answered with; raises OSError, and ValueError or IndexError on anything but HTTP."""
    with connect(port) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        return int(connection.makefile("rb").readline(64).split(b" ", 2)[1])


def main(kind: str, port: str, path: str = "/") -> str | None:
    """Return what is wrong, or None."""
    try:
        if kind == "tcp":
            connect(int(port)).close()
        elif kind == "relp":
            # One who just leaves is an error to rsyslog.
            relp.Connection(("127.0.0.1", int(port)), SECONDS).close()
        elif (status := http_status(int(port), path)) != 200:
            return f"{path} on port {port} answered {status}"
    except (OSError, ValueError, IndexError) as error:
        return f"port {port}: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
