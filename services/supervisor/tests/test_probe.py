"""The liveness probes of pod.yaml: None means alive."""

import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from supervisor import probe


class Answer(BaseHTTPRequestHandler):
    """Answers the status that the path names."""

    def do_GET(self):
        self.send_response(int(self.path.strip("/")))
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def http_port():
    """The port of a server that answers the status in the path."""
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield str(server.server_port)
        server.shutdown()
        thread.join()


@pytest.fixture
def listener():
    """A socket that accepts and says nothing by itself."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def port(server):
    """Return the port of a socket as the word that a probe gets."""
    return str(server.getsockname()[1])


def test_answer_200_is_alive(http_port):
    assert probe.main("http", http_port, "/200") is None


def test_other_answer_is_told(http_port):
    assert probe.main("http", http_port, "/503") == f"/503 on port {http_port} answered 503"


def test_accepted_connection_is_alive(listener):
    assert probe.main("tcp", port(listener)) is None


@pytest.mark.parametrize("kind", ["http", "tcp"])
def test_closed_port_is_told(listener, kind):
    listener.close()
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = port(server)
    assert "Connection refused" in probe.main(kind, closed)


def test_silent_server_is_told(listener, monkeypatch):
    monkeypatch.setattr(probe, "SECONDS", 0.1)
    assert "timed out" in probe.main("http", port(listener))


@pytest.mark.parametrize("answer", [b"", b"\r\n", b"HTTP/1.1", b"220 mail ready\r\n"], ids=str)
def test_answer_other_than_http_is_told(listener, answer):
    def talk():
        connection, _ = listener.accept()
        with connection:
            connection.recv(1024)
            connection.sendall(answer)

    threading.Thread(target=talk).start()
    assert probe.main("http", port(listener)).startswith(f"port {port(listener)}: ")


@pytest.mark.parametrize(("path", "code"), [("/200", 0), ("/500", 1)])
def test_exit_code_is_the_verdict(http_port, path, code):
    command = [sys.executable, "-m", "supervisor.probe", "http", http_port, path]
    ended = subprocess.run(command, cwd=Path(probe.__file__).parents[1], capture_output=True, check=False)
    assert ended.returncode == code
