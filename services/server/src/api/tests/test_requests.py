"""Rules for every request, whatever its path."""

import re

import pytest
from prometheus_client import REGISTRY

CSP = (
    "default-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def test_request_id_is_taken_from_the_request(client):
    response = client.get("/healthcheck/live/", headers={"x-request-id": "my.id"})
    assert response["X-REQUEST-ID"] == "my.id"


def test_request_without_an_id_gets_a_fresh_one(client):
    first, second = (client.get("/healthcheck/live/")["X-REQUEST-ID"] for _ in range(2))
    assert len(first) == 32
    assert first != second


@pytest.mark.parametrize("path", ["/nowhere/", "/token/"])
def test_refused_request_has_its_id(client, db, path):
    assert client.get(path, headers={"x-request-id": "my.id"})["X-REQUEST-ID"] == "my.id"


def test_unknown_host_is_400(client):
    assert client.get("/healthcheck/live/", headers={"host": "evil.example"}).status_code == 400


def of_view(view, method):
    labels = {"view": view, "method": method}
    name = "django_http_requests_latency_seconds_by_view_method_count"
    return REGISTRY.get_sample_value(name, labels) or 0


def test_request_is_counted_by_view_and_method(client):
    before = of_view("health.views.live", "GET")
    client.get("/healthcheck/live/")
    assert of_view("health.views.live", "GET") == before + 1


def test_unknown_method_is_no_label(client):
    client.generic("BREW", "/healthcheck/live/")
    assert of_view("health.views.live", "BREW") == 0
    assert of_view("health.views.live", "<invalid method>") > 0


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Content-Security-Policy", CSP),
        ("Access-Control-Allow-Origin", None),
        ("Set-Cookie", None),
    ],
)
def test_answer_has_the_safe_headers(client, db, header, value):
    assert client.get("/token/", headers={"origin": "https://evil.example"}).headers.get(header) == value


def test_pages_of_the_api_run_no_inline_script(client, db):
    page = client.get("/token/", headers={"accept": "text/html"}).text
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", page) == []
