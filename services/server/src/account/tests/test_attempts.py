"""Every door that takes a password or a token has limits, and no spelling of a name evades them."""

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.test import Client
from knox.models import AuthToken
from rest_framework.throttling import SimpleRateThrottle

MINUTE = 60_000_000 * 60
PASSWORD, WRONG = "correct horse", "wrong"
LIMITS = {"login": "3/min", "guess": "6/min", "anon": None, "user": None}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The time that the limits see, in seconds: the begin of a minute."""
    now = [MINUTE]
    monkeypatch.setattr(SimpleRateThrottle, "timer", lambda _: now[0])
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", LIMITS)
    return now


@pytest.fixture
def browser(db):
    """A client that gets errors as answers."""
    get_user_model().objects.create_superuser("user", password=PASSWORD)
    return Client(raise_request_exception=False)


def api(client, name, password=WRONG, address="192.0.2.1", **headers):
    body = {"username": name, "password": password}
    return client.post("/token/", body, "application/json", headers={"x-forwarded-for": address, **headers})


def admin(client, name, password=WRONG, address="192.0.2.1", **headers):
    body = {"username": name, "password": password}
    return client.post("/admin/login/", body, headers={"x-forwarded-for": address, **headers})


def form(client, name, password=WRONG, address="192.0.2.1", **headers):
    """A new password in the admin, which asks for the old one."""
    client.force_login(get_user_model().objects.get(username="user"))
    new = {"new_password1": "battery staple", "new_password2": "battery staple"}
    body = {"old_password": password, **new}
    return client.post("/admin/password_change/", body, headers={"x-forwarded-for": address, **headers})


DOORS = {"api": api, "admin": admin, "form": form}
# What a client can vary without trying another account.
WAYS = {
    "same": {},
    "capitals": {"name": "USER"},
    "blanks": {"name": " user\t"},
    "full width": {"name": "".join(chr(ord(letter) + 0xFEE0) for letter in "user")},
    "wide space": {"name": "user\u3000"},
    "no-break space": {"name": "\u00a0user"},
    "inner blank": {"name": "us er"},
    "NUL": {"name": "user\0"},
    "address": {"address": "192.0.2.7"},
    "claimed address": {"address": "10.0.0.1, 192.0.2.1"},
    "IPv6": {"address": "2001:db8::1"},
    "token": {"authorization": "Bearer 0123456789abcdef"},
    "basic": {"authorization": "Basic dXNlcjp3cm9uZw=="},
    "agent": {"user-agent": "other"},
    "password": {"password": PASSWORD},
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("way", WAYS)
def test_way_does_not_evade_the_limit_of_a_door(browser, door, way):
    for _ in range(3):
        DOORS[door](browser, "user")
    response = DOORS[door](browser, **{"name": "user"} | WAYS[way])
    # The admin's form refuses a NUL itself, and checks no password.
    assert (response.status_code == 429 or way == "NUL", "sessionid" in response.cookies) == (True, False)


@pytest.mark.parametrize("way", sorted({*WAYS} - {"NUL", "inner blank"}))
def test_each_way_counts(browser, way):
    for _ in range(3):
        api(browser, **{"name": "user"} | WAYS[way])
    assert api(browser, "user", PASSWORD).status_code == 429


@pytest.mark.parametrize("first", DOORS)
@pytest.mark.parametrize("second", DOORS)
def test_doors_have_one_counter(browser, first, second):
    for _ in range(3):
        DOORS[first](browser, "user")
    assert DOORS[second](browser, "user", PASSWORD).status_code == 429


@pytest.mark.parametrize("door", DOORS)
def test_refusal_is_a_problem_that_says_when_to_come_back(browser, door, clock):
    clock[0] += 18
    response = [DOORS[door](browser, "user") for _ in range(4)][-1]
    assert (response["Content-Type"], response["Retry-After"]) == ("application/problem+json", "42")


@pytest.mark.parametrize("door", ["api", "admin"])
def test_right_password_of_another_name_gets_in(browser, user_of_another_name, door):
    for _ in range(30):
        DOORS[door](browser, "user")
    assert api(browser, "another", PASSWORD).status_code == 201


@pytest.fixture
def user_of_another_name(db):
    return get_user_model().objects.create_user("another", password=PASSWORD)


def test_failures_of_one_address_are_limited(browser, user_of_another_name):
    assert [api(browser, str(number)).status_code for number in range(7)] == [401] * 6 + [429]
    assert api(browser, "another", PASSWORD).status_code == 429
    assert api(browser, "another", PASSWORD, address="192.0.2.2").status_code == 201


def test_known_client_is_not_held_up_by_failures_of_others(browser, user_of_another_name):
    api(browser, "another", PASSWORD)
    for number in range(9):
        api(browser, str(number))
    assert api(browser, "another", PASSWORD).status_code == 201


def test_next_window_begins_with_nothing(browser, clock):
    for _ in range(4):
        api(browser, "user")
    clock[0] += 60
    assert api(browser, "user", PASSWORD).status_code == 201


@pytest.mark.parametrize("body", ["[]", '{"username": ["a"]}', '{"username": "\\ud800"}', "{", '{"username": "user"}'])
def test_malformed_logins_are_limited_and_hold_up_no_proper_one(browser, body):
    answers = [browser.post("/token/", body, "application/json").status_code for _ in range(4)]
    assert answers == [400] * 3 + [429]
    assert api(browser, "user", PASSWORD).status_code == 201


def test_other_types_of_logins_are_limited(browser):
    assert [browser.post("/token/", "a=b", FORM).status_code for _ in range(4)] == [415] * 3 + [429]


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer x", f"Bearer {'0' * 64}", "Bearer \xff"])
@pytest.mark.parametrize("path", ["/token/", "/token/all/"])
def test_wrong_tokens_are_limited_and_hold_up_no_valid_one(browser, header, path):
    headers = {"authorization": header}
    assert [browser.delete(path, headers=headers).status_code for _ in range(7)] == [401] * 6 + [429]
    _, token = AuthToken.objects.create(get_user_model().objects.get())
    assert browser.delete(path, headers={"authorization": f"Bearer {token}"}).status_code == 204


def test_command_without_a_request_is_not_limited(browser):
    assert [authenticate(None, username="user", password="wrong") for _ in range(9)] == [None] * 9
    assert authenticate(None, username="user", password=PASSWORD)


def test_without_a_rate_nothing_is_refused(browser, monkeypatch):
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", dict.fromkeys(LIMITS))
    assert {api(browser, "user").status_code for _ in range(9)} == {401}
