"""Send a request within a time that leaves some for the other sources: scrape_timeout in prometheus.yml."""

import urllib.request

SECONDS = 2.5


def get(url: str) -> tuple[int, bytes]:
    """The status and body of an answer, whatever its status. Raises OSError."""
    opener = urllib.request.OpenerDirector()
    # Without proxies, redirects, and errors for statuses: only the answer.
    opener.add_handler(urllib.request.HTTPHandler())
    with opener.open(url, timeout=SECONDS) as answer:
        return answer.status, answer.read()
