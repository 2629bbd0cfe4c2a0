"""The state of the database, as the server reports it; the answers are given here."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tasklib.core.project import Project
from tasklib.pod import readiness

UP, DOWN = {"status": "up"}, {"status": "down"}


@pytest.mark.parametrize(
    ("found", "ready", "behind"),
    [
        ({"database": UP, "schema": UP}, True, False),
        ({"database": UP, "schema": DOWN}, False, True),
        ({"database": DOWN, "schema": DOWN}, False, False),
        ({}, False, False),
    ],
    ids=["ready", "older", "away", "no answer"],
)
def test_state_of_the_tables(found, ready, behind):
    assert (readiness.is_ready(found), readiness.is_behind(found)) == (ready, behind)


def test_newer_tables_are_ready():
    found = {"database": UP, "schema": UP | {"newer": True}}
    assert (readiness.is_ready(found), readiness.is_newer(found)) == (True, True)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"status": 502}'])
def test_answer_of_another_has_no_parts(body):
    assert readiness.read(body) == {}


def test_answer_of_the_server_has_its_parts():
    assert readiness.read(json.dumps({"parts": {"database": UP}}).encode()) == {"database": UP}


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"parts": {"database": UP}}).encode())

    def log_message(self, *words):
        """Print nothing."""


def test_proxy_of_the_machine_is_not_asked_for_the_pod(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with HTTPServer(("127.0.0.1", 0), Healthy) as server:
        server.timeout = 5  # seconds, for want of a request
        threading.Thread(target=server.handle_request).start()
        monkeypatch.setattr(Project, "url", lambda *_: f"http://127.0.0.1:{server.server_port}")
        assert readiness.parts(Project("shop")) == {"database": UP}
