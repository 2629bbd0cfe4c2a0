"""`inv down` under load loses no request that was accepted, and the database is shut down cleanly."""

import http.client
import json
import threading

from support.checkout import podman

CLIENTS = 6


class Load:
    """Clients that write and read, each request on a connection of its own, until told to stop."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self.port, self.headers, self.stopped = port, headers, threading.Event()
        self.created: list[str] = []
        self.failed: list[str] = []
        self.threads = [threading.Thread(target=self.work, args=(number,)) for number in range(CLIENTS)]

    def __enter__(self) -> "Load":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def work(self, client: int) -> None:
        """Send request after request."""
        count = 0
        while not self.stopped.wait(0.01):
            count += 1
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=40)
            try:
                connection.connect()
            except OSError:
                continue
            self.ask(connection, f"tweet {count} of client {client}", "POST" if client % 2 else "GET")

    def ask(self, connection: http.client.HTTPConnection, text: str, method: str) -> None:
        """Send one request and note what became of it."""
        body = json.dumps({"text": text}) if method == "POST" else None
        try:
            connection.request(method, "/tweet/", body, self.headers | {"Connection": "close"})
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return  # the kernel resets what nginx has not accepted yet; whether it had shows in the database
        finally:
            connection.close()
        if status >= 300:
            self.failed.append(f"{method}: {status}")
        elif method == "POST":
            self.created.append(text)


def test_down_under_load_loses_nothing(running, eventually):
    running.inv("fresh")
    with Load(8080 + running.offset, running.writer()) as load:
        eventually(lambda: len(load.created) > 30)
        assert running.inv("down").code == 0
    assert load.failed == []
    assert running.inv("up").code == 0
    # Answered is stored, and stored is answered: nothing was lost between nginx and the database.
    assert stored(running) == set(load.created)


def stored(pod) -> set[str]:
    """The texts that the clients' tweets have in the database."""
    source = "from tweet.models import Tweet\nprint(*Tweet.objects.values_list('text', flat=True), sep='\\n')\n"
    return {line for line in pod.inv("shell", input=source).output.splitlines() if " of client " in line}


def test_stop_answers_each_request_under_way(running):
    # With the database frozen, none of them can be answered before the server is told to stop.
    with running.frozen("db", "postgres"):
        requests = [running.ask("/tweet/") for _ in range(50)]
        podman("kill", "--signal", "TERM", f"{running.name}-server")
    assert [request.getresponse().status for request in requests] == [200] * 50
    # Podman does not start again what was told to stop by it.
    podman("wait", f"{running.name}-server")
    assert running.inv("up").code == 0


def test_down_shuts_the_database_down(running):
    for task in ["down", "up"]:
        assert running.inv(task).code == 0
    lines = podman("logs", f"{running.name}-db").output
    assert "database system was shut down at" in lines
    assert "recovery" not in lines
