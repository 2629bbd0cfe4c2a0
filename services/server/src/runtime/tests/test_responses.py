"""Redirects keep the method, the body and the address; responses without content have no length."""

import pytest
from django.urls import URLPattern, get_resolver

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
HOSTILE_HOST = {"host": "localhost:777"}


def plain_routes(resolver=None, prefix=""):
    """Every path of the service that has no argument and ends with a slash."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern).strip("^$")
        if not isinstance(pattern, URLPattern):
            yield from plain_routes(pattern, route)
        elif route.endswith("/") and not set(route) & set("<(?\\"):
            yield f"/{route}"


# The pages of the admin lead who is not logged in to its login.
ROUTES = sorted({route for route in plain_routes() if not route.startswith("/admin/") or route == "/admin/"})


def test_routes_are_known():
    assert {"/schema/", "/token/", "/healthcheck/live/", "/docs/", "/admin/"} <= {*ROUTES}


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("route", ROUTES)
def test_path_without_slash_keeps_method_and_query(client, route, method):
    response = client.generic(method, f"{route[:-1]}?a=b", headers=HOSTILE_HOST)
    assert (response.status_code, response["Location"]) == (308, f"{route}?a=b")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["//evil.example", "///evil.example", "/\\evil.example", "//evil.example/docs"])
def test_path_without_slash_leads_to_no_other_host(client, path):
    response = client.get("/", PATH_INFO=path)
    assert (response.status_code, "Location" in response) == (404, False)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("host", "target"), [("localhost:777", "localhost"), ("127.0.0.1", "127.0.0.1"), ("[::1]:777", "[::1]")]
)
def test_redirect_to_https_keeps_the_method_and_names_no_port(client, settings, method, host, target):
    settings.SECURE_SSL_REDIRECT = True
    response = client.generic(method, "/token/?a=b", headers={"host": host})
    assert (response.status_code, response["Location"]) == (308, f"https://{target}/token/?a=b")
    assert response["Cache-Control"] == "no-store"


def test_response_without_content_has_no_length(as_user):
    assert "Content-Length" not in as_user.delete("/token/").headers
