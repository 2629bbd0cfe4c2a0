"""Rules for every route: methods, query parameters and identifiers."""

import uuid

import pytest
from django.contrib.auth.models import Group
from django.db import models
from django.test import Client
from django.urls import get_resolver
from django_filters import FilterSet, MultipleChoiceFilter, RangeFilter
from rest_framework.generics import ListAPIView

from config.tests.test_access import routes
from protocol.routes import is_canonical, parameters_of_list

pytestmark = [pytest.mark.django_db, pytest.mark.urls("api.tests.groups")]
VERBS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE"]
INVALID = {"authorization": "Bearer x", "accept": "image/png"}


class Filters(FilterSet):
    size = RangeFilter()
    kind = MultipleChoiceFilter()


class Filtered(ListAPIView):
    queryset = Group.objects.all()
    filterset_class = Filters


def paths():
    """Every route but the admin's, with an identifier that is well-formed."""
    return sorted({f"/{path}" for path, _ in routes(get_resolver().url_patterns) if not path.startswith("admin")})


@pytest.fixture
def group(as_user):
    """A group whose identifier is the one in `paths`."""
    return Group.objects.create(pk=1, name="one")


@pytest.mark.parametrize("verb", VERBS)
def test_refused_method_is_405_before_any_other_fault(group, verb):
    client = Client(enforce_csrf_checks=True)
    for path in paths():
        allowed = client.options(path).headers.get("Allow") or client.generic("NONSENSE", path)["Allow"]
        response = client.generic(verb, path, "x", "image/png", headers=INVALID)
        expected = (verb if verb != "HEAD" else "GET") not in allowed.split(", ")
        assert (response.status_code == 405) == expected, (verb, path, response.status_code, allowed)
        assert response.status_code != 405 or response["Allow"] == allowed


@pytest.mark.parametrize(("path", "accepted"), [("/test-group/1/", "application/json"), ("/test-group/", None)])
def test_options_tell_what_patch_takes(client, path, accepted):
    assert client.options(path).headers.get("Accept-Patch") == accepted


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "OPTIONS"])
def test_refused_method_of_the_admin_is_405(verb):
    response = Client(enforce_csrf_checks=True).generic(verb, "/admin/login/")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize(
    "query", ["sinse=2026", "LIMIT=1", "=1", "format=json", "limit[]=1", "%6cimit2", "__class__=1"]
)
def test_unknown_parameter_is_400_and_named(as_user, group, query):
    for path in paths():
        for verb in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            response = as_user.generic(verb, f"{path}?{query}")
            assert response.status_code in {400, 405}, (verb, path)
            name = query.partition("=")[0].replace("%6c", "l")
            assert response.status_code == 405 or response.json()["errors"][0] == {
                "field": name, "parameter": name, "code": "unknown", "detail": response.json()["errors"][0]["detail"],
            }  # fmt: skip


@pytest.mark.parametrize("query", ["limit=1&limit=1", "limit=1&limit=2", "limit=1&%6cimit=2"])
def test_repeated_parameter_is_400_and_named(client, query):
    (error,) = client.get(f"/test-group/?{query}").json()["errors"]
    assert (error["parameter"], error["code"]) == ("limit", "repeated")


def test_parameter_of_the_list_is_unknown_elsewhere(as_user, group):
    assert as_user.get("/test-group/1/?limit=1").status_code == 400
    assert as_user.post("/test-group/?limit=1", {"name": "a"}, "application/json").status_code == 400
    assert as_user.options("/test-group/?limit=1").status_code == 400


def test_many_unknown_parameters_have_a_short_answer(client):
    response = client.get("/test-group/?" + "&".join(f"a{number}" for number in range(900)))
    assert (response.status_code, len(response.json()["errors"])) == (400, 10)


@pytest.mark.parametrize("query", ["limit=%ff", "%ff=1", "cursor=%ed%a0%80", "limit=%c0%af"])
def test_query_that_is_not_utf_8_is_400(client, query):
    assert client.get(f"/test-group/?{query}").status_code == 400


def test_filters_name_their_parameters():
    assert parameters_of_list(Filtered) == {
        "size_min": False, "size_max": False, "kind": True, "cursor": False, "limit": False
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "01",
        "+1",
        "-0",
        " 1",
        "1 ",
        "1_0",
        "1.0",
        "1e0",
        "0x1",
        "\u0661",
        "\uff11",
        "1%00",
        "1%0a",
        "9" * 30,
        "9" * 5000,
        "%31%20",
    ],
)
@pytest.mark.parametrize("verb", ["GET", "PUT", "PATCH", "DELETE", "HEAD"])
def test_other_spelling_of_an_identifier_is_404(as_user, verb, text):
    Group.objects.bulk_create([Group(pk=1, name="one"), Group(pk=10, name="ten")])
    assert as_user.generic(verb, f"/test-group/{text}/", "{}", "application/json").status_code == 404


@pytest.mark.parametrize(
    ("column", "text", "expected"),
    [
        (models.UUIDField(), str(uuid.UUID(int=10)), True),
        (models.UUIDField(), str(uuid.UUID(int=10)).upper(), False),
        (models.UUIDField(), uuid.UUID(int=10).hex, False),
        (models.UUIDField(), f"{{{uuid.UUID(int=10)}}}", False),
        (models.UUIDField(), f"urn:uuid:{uuid.UUID(int=10)}", False),
        (models.UUIDField(), "x", False),
        (models.BigAutoField(), "10", True),
        (models.SlugField(), "a-B", True),
        (models.DateField(), "2026-01-01", True),
        (models.DateField(), "2026-1-1", False),
    ],
)
def test_identifier_has_one_spelling(column, text, expected):
    assert is_canonical(column, text) == expected
