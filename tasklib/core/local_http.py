"""HTTP to what this machine itself serves; a proxy is for the world outside."""

import http.client
import urllib.request

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def answer(url: str, seconds: float = 5) -> str:
    """The text of a 200; empty where there is none within so many seconds."""
    try:
        with opener.open(url, timeout=seconds) as response:
            return str(response.read(), "utf-8")
    except (OSError, http.client.HTTPException):
        return ""
