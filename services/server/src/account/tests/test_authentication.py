"""Knox's settings and signals are those of its documentation: https://jazzband.github.io/django-rest-knox/"""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.utils import timezone
from knox.models import AuthToken
from knox.signals import token_expired

from account.authentication import find

pytestmark = pytest.mark.django_db
CREDENTIALS = {"username": "user", "password": "correct horse"}
HOUR = timedelta(hours=1)


@pytest.fixture
def knox(settings):
    """Set some of Knox's settings."""

    def change(**values):
        settings.REST_KNOX = settings.REST_KNOX | values

    return change


@pytest.fixture
def received():
    """The user names, and sources, of the signals that were sent."""
    names = []

    def receive(signal, user=None, username="", source="", **kwargs):
        names.append((username or user.username, source))

    signals = [token_expired, user_logged_in, user_logged_out]
    for signal in signals:
        signal.connect(receive)
    yield names
    for signal in signals:
        signal.disconnect(receive)


def log_in(client):
    return client.post("/token/", CREDENTIALS, "application/json")


def status(client, token):
    """The status of a request that needs a token, and changes nothing."""
    return client.options("/token/all/", headers={"authorization": f"Bearer {token}"}).status_code


def token_of(user, lifetime=HOUR):
    return AuthToken.objects.create(user, lifetime)[1]


def test_token_is_found_as_it_is_stored(user):
    token_of(user)
    stored = AuthToken.objects.select_related("user").get()
    found = find(stored.digest)
    assert {**vars(found), "_state": 0} == {**vars(stored), "_state": 0}
    assert (found.user, found._state.adding) == (user, False)


def test_token_is_of_the_user_model_of_the_settings(user, settings):
    class Person(type(user)):
        class Meta:
            app_label, proxy = "account", True

    token_of(user)
    find(AuthToken.objects.get().digest)
    try:
        settings.AUTH_USER_MODEL = "account.Person"
        assert type(find(AuthToken.objects.get().digest).user) is Person
    finally:
        del apps.all_models["account"]["person"]
        apps.clear_cache()


def test_login_sends_its_signal(client, user, received):
    log_in(client)
    assert received == [("user", "")]


@pytest.mark.parametrize("path", ["/token/", "/token/all/"])
def test_revoking_sends_the_signal_of_a_logout(as_user, received, path):
    assert (as_user.delete(path).status_code, received) == (204, [("user", "")])


def test_expired_token_is_removed_and_told(client, user, received):
    assert status(client, token_of(user, -HOUR)) == 401
    assert (AuthToken.objects.count(), received) == (0, [("user", "auth_token")])


def test_login_removes_the_expired_tokens(client, user, received):
    token_of(user, -HOUR)
    log_in(client)
    assert (AuthToken.objects.count(), received[0]) == (1, ("user", "other_token"))


def test_limit_of_tokens_is_a_problem(client, user, knox):
    knox(TOKEN_LIMIT_PER_USER=1)
    token_of(user, -HOUR)
    first, second = log_in(client), log_in(client)
    assert (first.status_code, second.status_code) == (201, 403)
    assert (second["Content-Type"], "Maximum" in second.json()["detail"]) == ("application/problem+json", True)


@pytest.mark.parametrize("lifetime", [timedelta(days=3), None], ids=str)
def test_lifetime_of_tokens(client, user, knox, lifetime):
    knox(TOKEN_TTL=lifetime)
    token = log_in(client).json()
    expiry = AuthToken.objects.get().expiry
    assert (expiry and round((expiry - timezone.now()) / timedelta(days=1))) == (lifetime and 3)
    assert (bool(token["expiry"]), status(client, token["token"])) == (bool(lifetime), 200)


@pytest.mark.parametrize(
    ("values", "lifetime"),
    [
        ({}, 10 * HOUR),
        ({"TOKEN_TTL": 2 * HOUR}, 2 * HOUR),
        ({"AUTO_REFRESH_MAX_TTL": 5 * HOUR}, 5 * HOUR),
        ({"MIN_REFRESH_INTERVAL": 10 * 3600}, HOUR),
        ({"AUTO_REFRESH": False}, HOUR),
    ],
    ids=str,
)
def test_used_token_lives_on(client, user, knox, values, lifetime):
    knox(**{"AUTO_REFRESH": True} | values)
    status(client, token_of(user))
    assert abs(AuthToken.objects.get().expiry - timezone.now() - lifetime) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "values",
    [{"TOKEN_PREFIX": "shop_"}, {"AUTH_TOKEN_CHARACTER_LENGTH": 32}, {"SECURE_HASH_ALGORITHM": "hashlib.sha3_512"}],
    ids=str,
)
def test_token_of_another_form_is_valid(client, user, knox, values):
    knox(**values)
    assert status(client, log_in(client).json()["token"]) == 200


def test_token_outlives_a_new_prefix(client, user, knox):
    token = token_of(user)
    knox(TOKEN_PREFIX="shop_")
    assert status(client, token) == 200


def test_word_of_the_header_is_a_setting(client, user, knox):
    knox(AUTH_HEADER_PREFIX="Token")
    response = client.post("/token/all/", headers={"authorization": f"Token {token_of(user)}"})
    assert response.status_code == 405


@pytest.mark.parametrize("token", ["x", "ä", "0" * 63 + "g", "shop_shop_shop_00", ""])
def test_text_that_is_no_token_is_not_looked_up(client, db, django_assert_num_queries, token):
    with django_assert_num_queries(0):
        assert status(client, token) == 401


def test_user_is_part_of_the_answer_where_that_is_set(client, user, knox):
    knox(USER_SERIALIZER="knox.serializers.UserSerializer")
    assert log_in(client).json()["user"] == {"username": "user"}
