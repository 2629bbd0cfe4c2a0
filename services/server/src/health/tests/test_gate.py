"""Requests wait until the database has every migration of the code."""

import pytest

from health import state
from health.gate import Gate
from runtime import migrations, waiting

pytestmark = pytest.mark.django_db
LATER = ("auth", "9999_later")


@pytest.fixture(autouse=True)
def closed(monkeypatch):
    """A process that has just started."""
    state.kept.clear()
    monkeypatch.setattr(Gate, "is_open", False)
    yield
    state.kept.clear()


@pytest.fixture
def older(monkeypatch):
    """The code has one migration more than the database."""
    known = migrations.known_migrations() | {LATER}
    monkeypatch.setattr(migrations, "known_migrations", lambda: known)
    return known


def test_request_to_an_older_schema_is_told_to_come_back(client, older):
    response = client.get("/schema/")
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"] == "The database does not have the tables of this release."


def test_live_is_answered(client, older):
    assert client.get("/healthcheck/live/").status_code == 200


def test_request_is_answered_after_the_migration(client, older):
    assert client.get("/schema/").status_code == 503
    older.discard(LATER)
    state.kept.clear()
    assert client.get("/schema/").status_code == 200


def test_open_gate_asks_nobody(client, monkeypatch):
    assert client.get("/schema/").status_code == 200
    state.kept.clear()
    monkeypatch.setattr(state, "check", None)
    assert client.get("/schema/").status_code == 200


def test_worker_that_checks_is_known_to_wait(client, monkeypatch):
    known = []

    def check():
        known.extend(waiting.workers())
        return {}

    monkeypatch.setattr(state, "check", check)
    client.get("/token/")
    assert known == [waiting.me()]
    assert waiting.workers() == {}
