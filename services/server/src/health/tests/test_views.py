"""The two questions of /healthcheck/."""

import socket
import time

import pytest
from django.db import connection
from django.test import Client

from health import state
from runtime import migrations

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    """No answer of the test before."""
    state.kept.clear()


@pytest.fixture
def database_away(monkeypatch):
    """Nothing listens where the database is expected."""
    monkeypatch.setitem(connection.settings_dict, "PORT", 1)


@pytest.fixture
def database_frozen(monkeypatch):
    """A listener at the database's address that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setitem(connection.settings_dict, "PORT", server.getsockname()[1])
        monkeypatch.setattr(state, "DEADLINE_SECONDS", 0.1)
        yield


@pytest.fixture
def database_older(monkeypatch):
    """The code has one migration more than the database."""
    known = migrations.known_migrations() | {("auth", "9999_later")}
    monkeypatch.setattr(migrations, "known_migrations", lambda: known)


def statuses(response):
    return {name: part["status"] for name, part in response.json()["parts"].items()}


def test_ready_with_database_is_200(client):
    response = client.get("/healthcheck/")
    assert (response.status_code, response.json()["status"]) == (200, "up")


@pytest.mark.parametrize("part", ["database", "schema"])
def test_ready_tells_state_and_time_of_a_part(client, part):
    found = client.get("/healthcheck/").json()["parts"][part]
    assert found["status"] == "up"
    assert 0 < found["milliseconds"] < 2000


def test_ready_without_database_is_503(client, database_away):
    response = client.get("/healthcheck/")
    assert (response.status_code, statuses(response)) == (503, {"database": "down", "schema": "down"})


def test_ready_with_frozen_database_is_503_in_time(client, database_frozen):
    start = time.monotonic()
    response = client.get("/healthcheck/")
    assert (response.status_code, statuses(response)["database"]) == (503, "down")
    assert time.monotonic() - start < 1


def test_ready_with_older_schema_is_503(client, database_older):
    response = client.get("/healthcheck/")
    assert (response.status_code, statuses(response)) == (503, {"database": "up", "schema": "down"})


def test_ready_with_newer_schema_is_200_and_says_so(client, monkeypatch):
    monkeypatch.setattr(migrations, "known_migrations", lambda: {("contenttypes", "0001_initial")})
    response = client.get("/healthcheck/")
    assert (response.status_code, response.json()["parts"]["schema"]["newer"]) == (200, True)


def test_schema_with_squashed_migrations_is_not_newer(client, monkeypatch):
    monkeypatch.setattr(migrations, "known_migrations", lambda: {("contenttypes", "0002_remove_content_type_name")})
    assert "newer" not in client.get("/healthcheck/").json()["parts"]["schema"]


@pytest.mark.parametrize(
    ("fault", "told"), [("database_away", "refused"), ("database_frozen", "answer"), ("database_older", "9999_later")]
)
def test_reason_is_told_to_the_log_alone(client, request, caplog, fault, told):
    request.getfixturevalue(fault)
    response = client.get("/healthcheck/")
    assert (told in caplog.text, told in response.text) == (True, False)


def test_second_question_does_not_ask_the_database(client, monkeypatch):
    first = client.get("/healthcheck/").json()
    monkeypatch.setattr(state, "check", None)
    assert client.get("/healthcheck/").json() == first


def test_answer_not_kept_is_asked_anew(client, monkeypatch):
    monkeypatch.setattr(state, "KEPT_SECONDS", 0)
    client.get("/healthcheck/")
    monkeypatch.setattr(state, "check", lambda: {"database": {"status": "down", "reason": "away"}})
    assert client.get("/healthcheck/").status_code == 503


def sessions():
    """The number of the database's connections, without the one that counts."""
    with connection.cursor() as cursor:
        # Else a transaction sees them as they were when it first asked.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


def test_ready_leaves_no_connection(client):
    client.get("/healthcheck/")
    # PostgreSQL ends a session after its client has gone.
    deadline = time.monotonic() + 10
    while sessions():
        assert time.monotonic() < deadline


def test_live_asks_no_database(client, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(state, "check", None)
    with django_assert_num_queries(0):
        assert client.get("/healthcheck/live/").json() == {"status": "up"}


@pytest.mark.parametrize("path", ["/healthcheck/live/", "/healthcheck/"])
def test_health_is_never_cached(client, path):
    assert "no-store" in client.get(path)["Cache-Control"]


@pytest.mark.parametrize("path", ["/healthcheck/live/", "/healthcheck/"])
def test_health_is_not_redirected_to_https(client, settings, path):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/healthcheck/live/", "/healthcheck/"])
def test_health_cannot_be_written(path):
    # 403, for want of a token, would tell of what is not there.
    assert Client(enforce_csrf_checks=True).post(path).status_code == 405
