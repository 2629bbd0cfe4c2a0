"""Clients that send one kind of request again and again, while something else is tried."""

import contextlib
import itertools
import json
import threading
import urllib.request
from collections.abc import Callable, Iterator

from support.checkout import Checkout
from support.tokens import UNKNOWN


@contextlib.contextmanager
def repeated(request: Callable[[], object], clients: int = 8) -> Iterator[None]:
    """Let clients send a request again and again."""
    stopped = threading.Event()

    def ask() -> None:
        while not stopped.wait(0.05):
            with contextlib.suppress(OSError):
                request()

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def asked(pod: Checkout, path: str = "/token/", clients: int = 8) -> contextlib.AbstractContextManager[None]:
    """Let clients ask for what needs the database."""
    return repeated(lambda: pod.get(path, "DELETE", **UNKNOWN).read(), clients)


def logins(pod: Checkout) -> contextlib.AbstractContextManager[None]:
    """Logins of names that nobody has: each takes a worker for a while, since the password is hashed all the same."""
    numbers = itertools.count()

    def log_in() -> None:
        body = json.dumps({"username": f"nobody-{next(numbers)}", "password": "wrong"}).encode()
        request = urllib.request.Request(f"{pod.url()}/token/", body, {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=60).close()

    return repeated(log_in)
