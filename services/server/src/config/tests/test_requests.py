"""What holds for every request, whatever its path."""

import pytest


def test_request_id_is_taken_from_the_request(client):
    response = client.get("/healthcheck/live/", headers={"x-request-id": "my.id"})
    assert response["X-REQUEST-ID"] == "my.id"


def test_request_without_an_id_gets_a_fresh_one(client):
    first, second = (client.get("/healthcheck/live/")["X-REQUEST-ID"] for _ in range(2))
    assert len(first) == 32
    assert first != second


@pytest.mark.parametrize("path", ["/nowhere/", "/tweet/0/"])
def test_refused_request_has_its_id(client, db, path):
    assert client.get(path, headers={"x-request-id": "my.id"})["X-REQUEST-ID"] == "my.id"


def test_unknown_host_is_400(client):
    assert client.get("/healthcheck/live/", headers={"host": "evil.example"}).status_code == 400


def test_metrics_count_the_request(client):
    client.get("/healthcheck/live/")
    assert b"django_http_requests_total_by_method_total" in client.get("/metrics").content
