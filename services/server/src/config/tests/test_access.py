"""Who may do what: every route and every verb, against one table."""

import pytest
from django.urls import URLPattern, get_resolver

from tweet.models import Tweet

PEOPLE = ["client", "as_user", "as_other", "as_staff"]  # nobody, the owner, another user, and staff
OPEN, HIDDEN = [200] * 4, [405] * 4
# The status that each of them gets.
TABLE = {
    "admin/": {"GET": [302] * 4},  # asks for a login by cookie, which no token is
    "docs/": {"GET": OPEN, "POST": HIDDEN},
    "docs/redoc/": {"GET": OPEN, "POST": HIDDEN},
    "healthcheck/": {"GET": OPEN, "POST": HIDDEN, "DELETE": HIDDEN},
    "healthcheck/live/": {"GET": OPEN, "POST": HIDDEN, "DELETE": HIDDEN},
    "schema/": {"GET": OPEN, "POST": HIDDEN},
    "token/": {"GET": HIDDEN, "POST": [400] * 4, "PUT": HIDDEN, "PATCH": HIDDEN, "DELETE": [401, 204, 204, 204]},
    "token/all/": {"GET": HIDDEN, "POST": HIDDEN, "PUT": HIDDEN, "PATCH": HIDDEN, "DELETE": [401, 204, 204, 204]},
    "tweet/": {"GET": OPEN, "POST": [401, 201, 201, 201], "PUT": HIDDEN, "PATCH": HIDDEN, "DELETE": HIDDEN},
    "tweet/PK/": {
        "GET": OPEN,
        "POST": HIDDEN,
        "PUT": [401, 200, 403, 403],
        "PATCH": [401, 200, 403, 403],
        "DELETE": [401, 204, 403, 403],
    },
}
CASES = [
    pytest.param(route, verb, person, status, id=f"{verb} /{route} {person}")
    for route, verbs in TABLE.items()
    for verb, statuses in verbs.items()
    for person, status in zip(PEOPLE, statuses, strict=True)
]


def routes(patterns, prefix=""):
    """Yield every path below some patterns; the admin's, which checks each by itself, as one."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern).strip("^$").replace("(?P<pk>[^/.]+)", "PK").replace("\\Z", "")
        if isinstance(pattern, URLPattern) or pattern.namespace:
            yield path
        else:
            yield from routes(pattern.url_patterns, path)


def test_every_route_is_in_the_table():
    assert {*routes(get_resolver().url_patterns)} == {*TABLE}


@pytest.mark.parametrize(("route", "verb", "person", "status"), CASES)
def test_status_is_the_one_of_the_table(request, user, route, verb, person, status):
    tweet = Tweet.objects.create(text="a", author=user)
    client = request.getfixturevalue(person)
    body = "{}" if route == "token/" else '{"text": "b"}'
    response = client.generic(verb, f"/{route.replace('PK', str(tweet.pk))}", body, "application/json")
    assert response.status_code == status


@pytest.mark.parametrize("verb", ["OPTIONS", "HEAD", "TRACE", "NONSENSE"])
def test_other_verbs_need_no_token(client, db, verb):
    assert client.generic(verb, "/tweet/").status_code in {200, 405}
