"""Send a request within a time that leaves some for the other sources: scrape_timeout in prometheus.yml."""

import http.client

from exporter import bounded

SECONDS = 2.5
BYTES = 64 * 1024  # of an answer; the longest has 300


def get(port: int, path: str) -> tuple[int, bytes]:
    """The status and body of an answer of this pod, whatever its status.

    Raises OSError and HTTPException; ValueError if the body is too long.
    """
    with bounded.connection(("127.0.0.1", port), SECONDS) as lent:
        lent.sendall(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        response = http.client.HTTPResponse(lent)
        response.begin()
        body = response.read(BYTES + 1)
    if len(body) > BYTES:
        raise ValueError(f"{path} has more than {BYTES} bytes")
    return response.status, body
