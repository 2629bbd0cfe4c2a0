"""Call a WSGI application without a server."""

import io
from collections.abc import Callable, Iterable
from wsgiref.util import setup_testing_defaults

Application = Callable[..., Iterable[bytes]]


def call(application: Application, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[str, bytes]:
    """Send one request; return status line and body. Headers have the names of WSGI: HTTP_HOST="localhost"."""
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost",
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), **headers,
    }  # fmt: skip
    setup_testing_defaults(environ)
    status: list[str] = []
    answer = application(environ, lambda line, _: status.append(line))
    try:
        return status[0], b"".join(answer)
    finally:
        getattr(answer, "close", lambda: None)()
