"""Permissions: the machinery's routes are compared with one table, all others with one rule."""

import pytest
from django.urls import URLPattern, get_resolver
from rest_framework.permissions import AllowAny

PEOPLE = ["client", "as_user", "as_staff"]  # nobody, a user, and staff
OPEN, HIDDEN = [200] * 3, [405] * 3
# The status that each of them gets.
TABLE = {
    "": {"GET": OPEN, "POST": HIDDEN},
    "admin/": {"GET": [302] * 3},  # asks for a login by cookie, which no token is
    "docs/": {"GET": OPEN, "POST": HIDDEN},
    "docs/redoc/": {"GET": OPEN, "POST": HIDDEN},
    "healthcheck/": {"GET": OPEN, "POST": HIDDEN, "DELETE": HIDDEN},
    "healthcheck/live/": {"GET": OPEN, "POST": HIDDEN, "DELETE": HIDDEN},
    "schema/": {"GET": OPEN, "POST": HIDDEN},
    "token/": {"GET": HIDDEN, "POST": [400] * 3, "PUT": HIDDEN, "PATCH": HIDDEN, "DELETE": [401, 204, 204]},
    "token/all/": {"GET": HIDDEN, "POST": HIDDEN, "PUT": HIDDEN, "PATCH": HIDDEN, "DELETE": [401, 204, 204]},
}
CASES = [
    pytest.param(route, verb, person, status, id=f"{verb} /{route} {person}")
    for route, verbs in TABLE.items()
    for verb, statuses in verbs.items()
    for person, status in zip(PEOPLE, statuses, strict=True)
]


def routes(patterns, prefix=""):
    """Yield every path below some patterns, with its view; the admin's, which checks each by itself, as one."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern).strip("^$").replace("(?P<pk>[^/.]+)", "1").replace("\\Z", "")
        if isinstance(pattern, URLPattern) or pattern.namespace:
            yield path, getattr(pattern, "callback", None)
        else:
            yield from routes(pattern.url_patterns, path)


def lets_anybody_write(view):
    """Whether the class of a view says so, by AllowAny."""
    return AllowAny in getattr(getattr(view, "cls", None), "permission_classes", [])


def test_every_route_of_the_table_is_there():
    assert {*TABLE} <= {path for path, _ in routes(get_resolver().url_patterns)}


@pytest.mark.parametrize(("route", "verb", "person", "status"), CASES)
def test_status_is_the_one_of_the_table(request, user, route, verb, person, status):
    client = request.getfixturevalue(person)
    assert client.generic(verb, f"/{route}", "{}", "application/json").status_code == status


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE"])
def test_other_route_takes_a_write_with_a_token_only(client, db, verb):
    views = dict(routes(get_resolver().url_patterns))
    paths = [path for path, view in views.items() if path not in TABLE and not lets_anybody_write(view)]
    answers = {path: client.generic(verb, f"/{path}", "{}", "application/json").status_code for path in paths}
    assert {path: status for path, status in answers.items() if status not in {401, 405}} == {}


@pytest.mark.urls("api.tests.groups")
@pytest.mark.parametrize("verb", ["OPTIONS", "HEAD", "TRACE", "NONSENSE"])
def test_other_verbs_need_no_token(client, db, verb):
    assert client.generic(verb, "/test-group/").status_code in {200, 405}
