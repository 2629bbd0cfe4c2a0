"""The two questions of /healthcheck/."""

import pytest
from django.db import connection


@pytest.fixture
def database_away(transactional_db, monkeypatch):
    """Nothing listens where the database is expected."""
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "PORT", 1)
        yield


@pytest.mark.django_db
def test_ready_with_database_is_200(client):
    response = client.get("/healthcheck/")
    assert (response.status_code, response.json()["status"]) == (200, "up")


@pytest.mark.django_db
def test_ready_tells_state_and_time_of_the_database(client):
    database = client.get("/healthcheck/").json()["parts"]["database"]
    assert database["status"] == "up"
    assert 0 <= database["milliseconds"] < 2000


def test_ready_without_database_is_503(client, database_away):
    response = client.get("/healthcheck/")
    assert (response.status_code, response.json()["parts"]["database"]["status"]) == (503, "down")


def test_lost_database_is_logged(client, database_away, caplog):
    client.get("/healthcheck/")
    assert "Database cannot be used" in caplog.text


def test_live_asks_no_database(client):
    response = client.get("/healthcheck/live/")
    assert (response.status_code, response.json()) == (200, {"status": "up"})


@pytest.mark.parametrize("path", ["/healthcheck/live/", "/healthcheck/"])
def test_health_is_never_cached(client, db, path):
    assert "no-store" in client.get(path)["Cache-Control"]


def test_health_cannot_be_written(client):
    assert client.post("/healthcheck/live/").status_code == 405
