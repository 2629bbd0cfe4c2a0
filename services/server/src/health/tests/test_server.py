"""The process of the health check speaks uWSGI's protocol."""

import socket
import threading
from pathlib import Path

import pytest

from health import server
from health.liveness import packet

VARIABLES = {
    "REQUEST_METHOD": "GET",
    "PATH_INFO": "/healthcheck/live/",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "8080",
    "HTTP_HOST": "localhost",
}


@pytest.fixture
def address(tmp_path, monkeypatch):
    """The address of a server that runs."""
    path = tmp_path / "live.sock"
    path.touch()  # of an earlier process
    running = server.Server(str(path))
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield str(path)
    running.shutdown()
    running.server_close()


def ask(address, **variables):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(address)
        connection.sendall(packet(VARIABLES | variables))
        return connection.makefile("rb").read()


def test_request_is_answered_by_the_application(address):
    answer = ask(address)
    assert answer.startswith(b"Status: 200 OK\r\n")
    assert answer.endswith(b'{"status": "up"}')


def test_body_that_nginx_keeps_is_not_waited_for(address):
    assert ask(address, REQUEST_METHOD="POST", CONTENT_LENGTH="99").startswith(b"Status: 405 ")


def test_client_that_sends_nothing_holds_nobody_up(address, monkeypatch, capfd):
    monkeypatch.setattr(server.Handler, "timeout", 0.1)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(address)
        assert ask(address).startswith(b"Status: 200 OK\r\n")
    assert capfd.readouterr().err == ""


def test_only_the_user_may_open_the_socket(address):
    assert Path(address).stat().st_mode & 0o777 == 0o600
