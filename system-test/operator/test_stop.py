"""`inv down` under load loses no request that was accepted, and the database is shut down cleanly."""

import http.client
import threading

from support.checkout import Checkout
from support.commands import podman
from support.tokens import UNKNOWN, bearer

CLIENTS = 6
TOKENS = 2000  # more than are revoked during a test


class Load:
    """Clients that write and read, each request on a connection of its own, until they are stopped."""

    def __init__(self, pod: Checkout) -> None:
        self.pod, self.stopped = pod, threading.Event()
        self.own, *self.tokens = pod.tokens(TOKENS)
        self.left = iter(self.tokens)
        self.revoked: list[str] = []
        self.failed: list[str] = []
        self.threads = [threading.Thread(target=self.work, args=(number % 2 == 1,)) for number in range(CLIENTS)]

    def __enter__(self) -> "Load":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def work(self, writes: bool) -> None:
        """Send request after request."""
        while not self.stopped.wait(0.01):
            token = next(self.left, None) if writes else None
            if token:
                self.send("DELETE", token)
            else:
                self.send("OPTIONS", self.own)

    def send(self, method: str, token: str) -> None:
        """Send one request and note what became of it."""
        try:
            status = self.pod.get("/token/", method, **bearer(token)).status
        except (OSError, http.client.HTTPException):
            return  # the kernel resets what nginx has not accepted yet; whether it had shows in the database
        if status >= 300:
            self.failed.append(f"{method}: {status}")
        elif method == "DELETE":
            self.revoked.append(token)

    def stored(self) -> set[str]:
        """The tokens that the database holds."""
        keys = tuple(self.pod.sql("SELECT token_key FROM knox_authtoken").split())
        return {token for token in self.tokens if token.startswith(keys)}


def test_down_under_load_loses_nothing(running, eventually):
    with Load(running) as load:
        eventually(lambda: len(load.revoked) > 30)
        assert running.inv("down").code == 0
    assert load.failed == []
    assert running.inv("up").code == 0
    # Answered is stored, and stored is answered: nothing was lost between nginx and the database.
    assert load.stored() == {*load.tokens} - {*load.revoked}


def test_stop_answers_each_request_under_way(running):
    # With the database frozen, none of them can be answered before the server is told to stop.
    with running.frozen("db", "postgres"):
        requests = [running.ask("/token/", "DELETE", **UNKNOWN) for _ in range(50)]
        podman("kill", "--signal", "TERM", f"{running.name}-server")
    # 503 where the database was frozen for longer than a request waits for it.
    assert {request.getresponse().status for request in requests} <= {401, 503}
    # Podman does not start again what was told to stop by it.
    podman("wait", f"{running.name}-server")
    assert running.inv("up").code == 0


def test_down_shuts_the_database_down(running):
    for task in ["down", "up"]:
        assert running.inv(task).code == 0
    lines = podman("logs", f"{running.name}-db").output
    assert "database system was shut down at" in lines
    assert "recovery" not in lines
