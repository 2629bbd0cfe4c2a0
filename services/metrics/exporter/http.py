"""Asking a part of the pod, within a time that leaves room for the others: prometheus.yml, scrape_timeout."""

import urllib.request

SECONDS = 2.5


def get(url: str) -> tuple[int, bytes]:
    """The status and body of an answer, whatever its status; raises OSError."""
    opener = urllib.request.OpenerDirector()
    # No proxy, no redirect and no error for a status: nothing but the answer.
    opener.add_handler(urllib.request.HTTPHandler())
    with opener.open(url, timeout=SECONDS) as answer:
        return answer.status, answer.read()
