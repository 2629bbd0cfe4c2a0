"""Permissions on tweets, in one table."""

import pytest

from tweet.models import Tweet

PEOPLE = ["client", "as_user", "as_other", "as_staff"]  # nobody, the author, another user, and staff
OPEN, HIDDEN = [200] * 4, [405] * 4
# The status that each of them gets.
TABLE = {
    "/tweet/": {"GET": OPEN, "POST": [401, 201, 201, 201], "PUT": HIDDEN, "PATCH": HIDDEN, "DELETE": HIDDEN},
    "/tweet/PK/": {
        "GET": OPEN,
        "POST": HIDDEN,
        "PUT": [401, 200, 403, 403],
        "PATCH": [401, 200, 403, 403],
        "DELETE": [401, 204, 403, 403],
    },
}
CASES = [
    pytest.param(path, verb, person, status, id=f"{verb} {path} {person}")
    for path, verbs in TABLE.items()
    for verb, statuses in verbs.items()
    for person, status in zip(PEOPLE, statuses, strict=True)
]


@pytest.mark.parametrize(("path", "verb", "person", "status"), CASES)
def test_status_is_the_one_of_the_table(request, user, path, verb, person, status):
    tweet = Tweet.objects.create(text="a", author=user)
    client = request.getfixturevalue(person)
    response = client.generic(verb, path.replace("PK", str(tweet.pk)), '{"text": "b"}', "application/json")
    assert response.status_code == status
