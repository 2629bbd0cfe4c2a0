"""The state of the database, as the server reports it; the answers are given here."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import pytest
from invoke import Exit

from tasklib.core.project import Project
from tasklib.pod import readiness

PROJECT = Project("shop")
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


@pytest.fixture
def pod(monkeypatch):
    """A pod whose containers answer as the test says: those in `sick` not, after so many `restarts` of each."""
    pod = SimpleNamespace(probed=[], sick=set(), restarts=0)

    def healthy(_, services):
        pod.probed += services
        return {service for service in services if service not in pod.sick}

    monkeypatch.setattr(readiness.state, "healthy", healthy)
    monkeypatch.setattr(readiness, "restarts", lambda _: dict.fromkeys(PROJECT.manifest.services, pod.restarts))
    monkeypatch.setattr(readiness, "parts", lambda _: {"database": UP})
    monkeypatch.setattr(readiness, "last_lines", lambda *_: "")
    return pod


def test_only_what_was_not_healthy_is_probed_again(pod):
    pod.sick = {"db"}
    watch = readiness.Watch(PROJECT)
    assert watch.essential() == "db"
    pod.sick = set()
    assert (watch.essential(), pod.probed.count("db"), pod.probed.count("log")) == ("", 2, 1)


def test_pod_serves_without_what_watches_it(pod):
    pod.sick = {"log", "metrics"}
    watch = readiness.Watch(PROJECT)
    assert (watch.essential(), watch.pending) == ("", ["log", "metrics"])


def test_container_that_keeps_ending_is_not_waited_for(pod):
    pod.sick = {"db", "metrics"}
    watch = readiness.Watch(PROJECT)
    pod.restarts = 3
    with pytest.raises(Exit, match=r"db has ended 3 times \(above: its last lines\) - mend it, then type: inv up"):
        watch.essential()
    pod.sick = {"metrics"}
    assert watch.other() == ""


def test_earlier_restarts_do_not_count(pod):
    pod.sick, pod.restarts = {"db"}, 3
    assert readiness.Watch(PROJECT).essential() == "db"
