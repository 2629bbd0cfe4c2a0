"""Every error has one form: application/problem+json with the id of the request."""

import json

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.test import Client
from django.urls import path
from rest_framework.decorators import api_view, permission_classes
from rest_framework.exceptions import ValidationError

from api.problems import fault

of_groups = pytest.mark.urls("api.tests.groups")
FORM = "application/problem+json"
ERRORS = {
    "away": OperationalError("away"),
    "suspicious": SuspiciousOperation("strange"),
    "denied": PermissionDenied(),
    "nested": ValidationError({"list": [{}, {"name": ["wrong"]}], "other": ["one", "two"]}),
    "words": ValidationError(["wrong"]),
    "fault": KeyError("fault"),
}


@api_view()
@permission_classes([])
def fail(request, name):
    """Raise an error in a view of DRF."""
    raise ERRORS[name]


def fail_outside(request, name):
    """Raise an error in a view that DRF knows nothing of."""
    raise ERRORS[name]


urlpatterns = [path("fail/<name>/", fail), path("outside/<name>/", fail_outside)]
handler400 = "api.problems.bad_request"
handler403 = "api.problems.permission_denied"
handler404 = "api.problems.not_found"
handler500 = "api.problems.server_error"


@pytest.fixture
def ask(client):
    """Ask for a path; return the status and what is told, both of which must agree."""
    client.raise_request_exception = False

    def ask(path, **headers):
        response = client.get(path, headers={"x-request-id": "my.id", **headers})
        told = response.json()
        assert (response["Content-Type"], told["status"], told["request_id"]) == (FORM, response.status_code, "my.id")
        return response.status_code, told

    return ask


@of_groups
def test_problem_has_the_members_of_the_rfc(ask, db):
    assert ask("/test-group/0/")[1] == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "No Group matches the given query.",
        "request_id": "my.id",
    }


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/fail/away/", 503),
        ("/fail/suspicious/", 400),
        ("/fail/denied/", 403),
        ("/fail/fault/", 500),
        ("/outside/suspicious/", 400),
        ("/outside/denied/", 403),
        ("/outside/fault/", 500),
        ("/nowhere/", 404),
    ],
)
def test_error_is_a_problem(ask, path, status):
    assert ask(path)[0] == status


@pytest.mark.urls(__name__)
def test_each_message_has_its_field(ask):
    assert ask("/fail/nested/")[1]["errors"] == [
        {"field": "list.1.name", "pointer": "#/list/1/name", "code": "invalid", "detail": "wrong"},
        {"field": "other", "pointer": "#/other", "code": "invalid", "detail": "one"},
        {"field": "other", "pointer": "#/other", "code": "invalid", "detail": "two"},
    ]


@pytest.mark.urls(__name__)
def test_message_without_a_field_is_told(ask):
    assert ask("/fail/words/")[1]["errors"] == [{"code": "invalid", "detail": "wrong"}]


@pytest.mark.parametrize(
    ("name", "pointer"), [("a/b", "#/a~1b"), ("a~b", "#/a~0b"), ("ä b", "#/%C3%A4%20b"), ("", "#/")]
)
def test_pointer_is_one_of_rfc_6901(name, pointer):
    assert fault([name], "invalid", "wrong", "pointer")["pointer"] == pointer


@pytest.mark.urls(__name__)
def test_busy_database_says_when_to_come_back(client):
    assert client.get("/fail/away/")["Retry-After"] == "1"


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"host": "evil.example"}, 400), ({"accept": "image/png"}, 406), ({"authorization": "Bearer x"}, 401)],
    ids=["host", "accept", "token"],
)
@of_groups
def test_refused_request_is_a_problem(ask, db, headers, status):
    assert ask("/test-group/", **headers)[0] == status


@pytest.mark.parametrize(("method", "path", "status"), [("POST", "/healthcheck/live/", 405), ("GET", "/schema/", 412)])
def test_error_that_says_nothing_is_explained(client, db, method, path, status):
    response = client.generic(method, path, headers={"if-match": '"other"'})
    assert (response.status_code, response["Content-Type"], response.json()["status"]) == (status, FORM, status)
    assert int(response["Content-Length"]) == len(response.content)


def test_refused_method_names_the_right_ones(client):
    assert client.post("/healthcheck/live/")["Allow"] == "GET, HEAD"


@of_groups
def test_too_many_parameters_are_a_problem(ask, db):
    assert ask("/test-group/?" + "&".join(f"a{number}" for number in range(10_000)))[0] == 400


@of_groups
def test_browser_gets_a_page(client, db):
    response = client.get("/test-group/0/", headers={"accept": "text/html"})
    assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert "No Group matches" in response.text


@of_groups
@pytest.mark.parametrize("headers", [{}, {"idempotency-key": "a"}], ids=["parsed", "hashed"])
def test_body_above_the_limit_is_413(as_user, settings, headers):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    response = as_user.post("/test-group/", {"name": "a"}, "application/json", headers=headers)
    assert (response.status_code, response["Content-Type"]) == (413, FORM)


def test_forged_form_of_the_admin_is_403(db):
    response = Client(enforce_csrf_checks=True).post("/admin/login/")
    assert (response.status_code, response["Content-Type"]) == (403, FORM)


@of_groups
def test_validation_error_names_its_field(as_user):
    response = as_user.post("/test-group/", json.dumps({"name": ""}), "application/json")
    assert response.json()["errors"] == [
        {"field": "name", "pointer": "#/name", "code": "blank", "detail": "This field may not be blank."}
    ]


@of_groups
@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_other_type_is_415_and_names_the_right_one(as_user, method):
    group = Group.objects.create(name="old")
    path = "/test-group/" if method == "post" else f"/test-group/{group.pk}/"
    response = getattr(as_user, method)(path, "{}", "application/merge-patch+json")
    assert (response.status_code, response["Accept"]) == (415, "application/json")
    assert response.headers.get("Accept-Patch") == ("application/json" if method == "patch" else None)
