"""Pages of other origins: nothing by default, and what an API needs for those that are named."""

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("api.tests.groups")]
PAGE, OTHER = "https://app.example.org", "https://evil.example"
PREFLIGHT = {
    "access-control-request-method": "PATCH",
    "access-control-request-headers": "authorization,content-type,if-match,idempotency-key",
}


@pytest.fixture
def named(settings):
    """A client of a service that names one origin."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "corsheaders"]
    middleware = [*settings.MIDDLEWARE]
    middleware.insert(middleware.index("api.problems.explain"), "corsheaders.middleware.CorsMiddleware")
    settings.MIDDLEWARE, settings.CORS_ALLOWED_ORIGINS = middleware, [PAGE]
    return Client()


def of_cors(response):
    return {name.lower() for name in response.headers if name.lower().startswith("access-control")}


@pytest.mark.parametrize("method", ["get", "post", "options"])
def test_nothing_is_allowed_by_default(client, method):
    assert of_cors(getattr(client, method)("/test-group/", headers={"origin": PAGE, **PREFLIGHT})) == set()


def test_preflight_of_a_named_origin_allows_the_request(named):
    response = named.options("/test-group/1/", headers={"origin": PAGE, **PREFLIGHT})
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (200, PAGE)
    assert "PATCH" in response["Access-Control-Allow-Methods"]
    allowed = {name.strip() for name in response["Access-Control-Allow-Headers"].split(",")}
    assert {*PREFLIGHT["access-control-request-headers"].split(",")} <= allowed
    assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize(("path", "status"), [("/test-group/", 200), ("/test-group/1/", 404), ("/test-group/?a", 400)])
def test_named_origin_reads_the_answer(named, path, status):
    response = named.get(path, headers={"origin": PAGE})
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (status, PAGE)
    assert "etag" in response["Access-Control-Expose-Headers"]
    assert "origin" in response["Vary"].lower()


@pytest.mark.parametrize(
    ("origin", "path"), [(OTHER, "/test-group/"), ("null", "/test-group/"), (PAGE, "/admin/login/")]
)
def test_other_origin_and_the_admin_get_nothing(named, origin, path):
    assert of_cors(named.options(path, headers={"origin": origin, **PREFLIGHT})) == set()
