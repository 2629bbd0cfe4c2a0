"""Which form of an answer a client gets."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.urls("api.tests.groups")]


@pytest.mark.parametrize(
    ("accepted", "status"),
    [("application/json", 200), ("application/problem+json", 200), ("application/problem+json, image/png", 200),
     ("*/*", 200), ("image/png", 406)],
)  # fmt: skip
def test_status_of_what_is_accepted(client, accepted, status):
    assert client.get("/test-group/", headers={"accept": accepted}).status_code == status


def test_client_that_accepts_problems_alone_may_delete(as_user):
    assert as_user.delete("/token/", headers={"accept": "application/problem+json"}).status_code == 204
