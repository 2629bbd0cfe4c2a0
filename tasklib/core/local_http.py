"""HTTP requests to this machine itself, which no proxy may get."""

import contextlib
import http.client
import urllib.request

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def answer(url: str, seconds: float = 5) -> str:
    """The body of a 200 response; empty without one within the given seconds."""
    try:
        with opener.open(url, timeout=seconds) as response:
            return str(response.read(), "utf-8")
    except (OSError, http.client.HTTPException):
        return ""


def responds(host: str, port: int, path: str = "/", seconds: float = 5) -> bool:
    """Whether a response comes, with whatever status, within the given seconds."""
    with contextlib.closing(http.client.HTTPConnection(host, port, timeout=seconds)) as connection:
        try:
            connection.request("HEAD", path)
            return bool(connection.getresponse())
        except (OSError, http.client.HTTPException):
            return False
