"""So many requests in a time, and no more."""

import pytest
from rest_framework.throttling import SimpleRateThrottle

pytestmark = pytest.mark.urls("api.tests.groups")
MINUTE = 60_000_000 * 60


@pytest.fixture
def clock(monkeypatch):
    """The time that throttles see, in seconds: the begin of a minute."""
    now = [MINUTE]
    monkeypatch.setattr(SimpleRateThrottle, "timer", lambda _: now[0])
    return now


@pytest.fixture
def rates(monkeypatch, clock):
    """Two requests in a minute, of each kind."""
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", dict.fromkeys(["anon", "user", "guess"], "2/min"))


def statuses(client, count, address="192.0.2.1"):
    """The statuses of so many requests."""
    return [client.get("/test-group/", headers={"x-forwarded-for": address}).status_code for _ in range(count)]


@pytest.fixture
def anybody(rates, client, db):
    return client


def test_request_above_the_rate_is_429(anybody):
    assert statuses(anybody, 3) == [200, 200, 429]


@pytest.mark.parametrize(("verb", "path"), [("post", ""), ("put", "1/"), ("patch", "1/"), ("delete", "1/")])
def test_refusal_without_a_token_is_counted(anybody, verb, path):
    headers = {"x-forwarded-for": "192.0.2.1"}
    refused = [getattr(anybody, verb)(f"/test-group/{path}", headers=headers).status_code for _ in range(3)]
    assert refused == [401, 401, 429]
    assert statuses(anybody, 1) == [429]


def test_refused_client_is_told_when_to_come_back(anybody, clock):
    statuses(anybody, 2)
    clock[0] += 18
    assert anybody.get("/test-group/", headers={"x-forwarded-for": "192.0.2.1"})["Retry-After"] == "42"


def test_next_window_begins_with_nothing(anybody, clock):
    statuses(anybody, 3)
    clock[0] += 60
    assert statuses(anybody, 3) == [200, 200, 429]


def test_other_address_is_counted_by_itself(anybody):
    statuses(anybody, 3)
    assert statuses(anybody, 1, "192.0.2.2") == [200]


def test_address_that_the_client_claims_is_not_believed(anybody):
    statuses(anybody, 2, "192.0.2.9, 192.0.2.1")
    assert statuses(anybody, 1, "192.0.2.8, 192.0.2.1") == [429]


def test_user_is_counted_at_any_address(rates, as_user):
    assert [*statuses(as_user, 2), *statuses(as_user, 1, "192.0.2.2")] == [200, 200, 429]


def test_user_is_not_counted_as_anonymous(rates, as_user, client):
    statuses(client, 3)
    assert statuses(as_user, 1) == [200]


def test_health_is_never_refused(anybody):
    assert [anybody.get("/healthcheck/live/").status_code for _ in range(3)] == [200, 200, 200]


def test_without_a_rate_nothing_is_refused(monkeypatch, client, db):
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": None, "user": None})
    assert statuses(client, 3) == [200, 200, 200]
