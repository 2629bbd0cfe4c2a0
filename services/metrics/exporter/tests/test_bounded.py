"""Whatever a container puts where the exporter reads, the metrics of the others stay, and the answer comes in time."""

import contextlib
import http.client
import os
import socket
import stat
import threading
import time
from contextlib import contextmanager

import pytest

from exporter import bounded, stats, workers
from exporter import http as exporter_http
from exporter.__main__ import CONNECTIONS, Handler, Server

SECONDS = 0.2
# By what an attacker may put in the place of a file.
HOSTILE = {
    "link": lambda path: path.symlink_to("/etc/passwd"),
    "link to itself": lambda path: path.symlink_to(path),
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
    "pipe": os.mkfifo,
    "folder": lambda path: path.mkdir(),
    "socket": lambda path: os.mknod(path, stat.S_IFSOCK | 0o600),
    "huge": lambda path: (path.touch(), os.truncate(path, 1 << 40)),
    "unreadable": lambda path: path.touch(mode=0),
    "bytes": lambda path: path.write_bytes(os.urandom(4096)),
    "brackets": lambda path: path.write_text("a{" * 10_000),
}


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """The folders of two containers, the first one's with a good file."""
    monkeypatch.setattr(stats, "FOLDER", tmp_path)
    monkeypatch.setattr(workers, "FOLDER", tmp_path / "server/workers")
    for name in ("db", "server/workers"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "db/db.prom").write_text("good 1\n")
    return tmp_path


def samples(metrics):
    return {sample.name: sample.value for metric in metrics for sample in metric.samples}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_file_costs_itself_only(folders, kind):
    HOSTILE[kind](folders / "db/db.evil.prom")
    assert samples(stats.collect("db"))["good"] == 1.0


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_file_of_a_worker_costs_itself_only(folders, kind):
    HOSTILE[kind](workers.FOLDER / "counter_1.db")
    assert samples(workers.collect())["worker_damaged_files"] <= 1


@pytest.mark.parametrize("kind", ["link", "pipe", "huge", "bytes"])
def test_hostile_place_of_the_workers_has_no_files(folders, kind):
    workers.FOLDER.rmdir()
    HOSTILE[kind](workers.FOLDER)
    assert samples(workers.collect()) == {"worker_damaged_files": 0}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_sign_of_life_is_no_error(folders, kind):
    HOSTILE[kind](folders / "db/db.resources.prom")
    assert stats.is_fresh("db") in {True, False}
    assert isinstance(stats.services(), list)


def test_file_in_the_name_of_another_is_left_out(folders):
    (folders / "db/server.prom").write_text("forged 1\n")
    assert "forged" not in samples(stats.collect("db"))


def test_files_are_few(folders):
    for number in range(bounded.FILES + 9):
        (folders / f"db/db.{number}.prom").write_text("a 1\n")
    assert len(stats.files("db")) == bounded.FILES


@contextmanager
def serving(talk):
    """Listen on a port, and talk to whoever connects in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=lambda: talk(listener.accept()[0]), daemon=True).start()
        yield listener.getsockname()


def drip(head):
    """Send the head, and then a byte each moment, for ever."""

    def talk(lent):
        try:
            lent.sendall(head)
            while True:
                lent.sendall(b"x")
                threading.Event().wait(SECONDS / 10)
        except OSError:
            lent.close()

    return talk


def flood(head):
    """Send the head, and then a mebibyte after the other, for ever."""

    def talk(lent):
        try:
            lent.sendall(head)
            while True:
                lent.sendall(bytes(1 << 20))
        except OSError:
            lent.close()

    return talk


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.0 200 OK\r\n", b"HTTP/1.0 200 OK\r\n\r\n"], ids=["line", "header", "body"]
)
@pytest.mark.parametrize("how", [drip, flood])
def test_answer_without_an_end_takes_bounded_time(monkeypatch, how, head):
    monkeypatch.setattr(exporter_http, "SECONDS", SECONDS)
    begin = time.monotonic()
    with serving(how(head)) as (_, port), contextlib.suppress(OSError, ValueError, http.client.HTTPException):
        _, body = exporter_http.get(port, "/")
        assert len(body) <= exporter_http.BYTES
    assert time.monotonic() - begin < 20 * SECONDS


@pytest.mark.parametrize("how", [drip, flood])
def test_numbers_without_an_end_take_bounded_time(how):
    begin = time.monotonic()
    with (
        serving(how(b"{")) as address,
        bounded.connection(address, SECONDS) as lent,
        contextlib.suppress(OSError, ValueError),
    ):
        assert len(bounded.received(lent, 1 << 20)) <= 1 << 20
    assert time.monotonic() - begin < 20 * SECONDS


def test_connections_to_the_exporter_are_bounded():
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    held = [socket.create_connection(server.server_address) for _ in range(CONNECTIONS + 1)]
    held[-1].settimeout(5)
    assert held[-1].recv(1) == b""
    for lent in held:
        lent.close()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("error", "is_logged"), [(BrokenPipeError(), False), (ValueError("wrong"), True)])
def test_client_that_left_is_not_an_error(monkeypatch, capsys, error, is_logged):
    monkeypatch.setattr("sys.exception", lambda: error)
    with Server(("127.0.0.1", 0), Handler) as server:
        server.handle_error(None, ("127.0.0.1", 1))
    assert ("Exception occurred" in capsys.readouterr().err) == is_logged
