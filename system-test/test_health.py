"""Health: alive while a worker answers, ready while every part can be used; asked by any name."""

import pytest


def test_ready_names_each_part(server):
    answer = server.get("/healthcheck/")
    parts = answer.json()["parts"]
    assert (answer.status_code, answer.json()["status"]) == (200, "up")
    assert {name: part["status"] for name, part in parts.items()} == {"database": "up", "schema": "up"}


def test_ready_tells_states_and_times_alone(server):
    parts = server.get("/healthcheck/").json()["parts"]
    assert {*parts["database"], *parts["schema"]} == {"status", "milliseconds"}


def test_live_is_200(server):
    answer = server.get("/healthcheck/live/")
    assert (answer.status_code, answer.json()) == (200, {"status": "up"})


@pytest.mark.parametrize("path", ["/healthcheck/", "/healthcheck/live/"])
@pytest.mark.parametrize("host", ["10.0.0.7", "pod.example:8080", "x_y"])
def test_any_host_may_ask(server, path, host):
    assert server.get(path, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/healthcheck/", "/healthcheck/live/"])
def test_answer_is_not_kept(server, path):
    assert "no-store" in server.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS"])
def test_health_cannot_be_written(server, method):
    assert server.request(method, "/healthcheck/").status_code == 405
