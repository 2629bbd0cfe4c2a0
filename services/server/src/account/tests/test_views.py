"""Tokens: how one is got, used and revoked."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from knox.models import AuthToken

CREDENTIALS = {"username": "user", "password": "correct horse"}


def log_in(client, **changed):
    return client.post("/token/", CREDENTIALS | changed, "application/json")


def use(client, token):
    """The status of a request with a token, which changes nothing."""
    headers = {"authorization": f"Bearer {token}"}
    return client.options("/token/", headers=headers).status_code


def test_right_password_gives_a_token_that_is_taken(client, user):
    response = log_in(client)
    assert (response.status_code, response["Cache-Control"]) == (201, "no-store")
    assert use(client, response.json()["token"]) == 200


def test_token_has_an_expiry_and_is_stored_as_a_hash(client, user):
    told = log_in(client).json()
    stored = AuthToken.objects.get()
    assert told.keys() == {"token", "expiry"}
    assert told["token"] not in (stored.digest, stored.token_key)


@pytest.mark.parametrize(
    "wrong",
    [{"password": "x"}, {"username": "nobody"}, {"username": "ä"}, {"password": " correct horse"}],
    ids=str,
)
def test_wrong_credentials_are_401(client, user, wrong):
    response = log_in(client, **wrong)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="REST service"')


@pytest.mark.parametrize(
    "wrong",
    [{"password": ""}, {"username": None}, {"username": ["user"]}, {"username": "a\0"}, {"username": "\ud800"}],
    ids=repr,
)
def test_malformed_credentials_are_400(client, user, wrong):
    assert log_in(client, **wrong).status_code == 400


@pytest.mark.parametrize("body", ["[]", "7", '"a"', "null", ""])
def test_body_that_is_no_object_is_400(client, db, body):
    assert client.post("/token/", body, "application/json").status_code == 400


def test_user_without_a_password_cannot_log_in(client, other):
    assert log_in(client, username="other", password="!").status_code == 401


def test_inactive_user_is_401(client, user):
    token = log_in(client).json()["token"]
    user.is_active = False
    user.save()
    assert (log_in(client).status_code, use(client, token)) == (401, 401)


def test_unknown_user_is_hashed_as_well(client, db, monkeypatch):
    hashed = []
    monkeypatch.setattr(get_user_model(), "set_password", lambda _, password: hashed.append(password))
    log_in(client, username="nobody")
    assert hashed == ["correct horse"]


def test_expired_token_is_401_and_gets_a_new_one(client, user):
    _, token = AuthToken.objects.create(user, timedelta(seconds=-1))
    headers = {"authorization": f"Bearer {token}"}
    assert use(client, token) == 401
    assert client.post("/token/", CREDENTIALS, "application/json", headers=headers).status_code == 201
    # The expired one is gone.
    assert AuthToken.objects.count() == 1


def test_token_in_use_lives_on_where_that_is_set(client, user, monkeypatch):
    monkeypatch.setattr("knox.settings.knox_settings.AUTO_REFRESH", True)
    _, token = AuthToken.objects.create(user, timedelta(minutes=1))
    assert use(client, token) == 200
    assert AuthToken.objects.get().expiry > timezone.now() + timedelta(hours=9)


def test_other_tokens_cost_a_request_nothing(as_user, user, django_assert_num_queries):
    AuthToken.objects.create(user, timedelta(seconds=-1))
    with django_assert_num_queries(1):
        as_user.options("/token/")


@pytest.mark.parametrize("path", ["/token/", "/token/all/"])
@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer a b", "Bearer x", f"Bearer {'0' * 64}", "Bearer \xff", "bearer x", "BEARER x"]
)
def test_invalid_token_is_401_and_named_so(client, db, path, header):
    response = client.delete(path, headers={"authorization": header})
    challenge = 'Bearer error="invalid_token", realm="REST service"'
    assert (response.status_code, response["WWW-Authenticate"]) == (401, challenge)


@pytest.mark.parametrize("header", [None, "", "Basic a", "Digest a", "Bearerx a"])
def test_missing_token_is_401_without_an_error(client, db, header):
    response = client.delete("/token/", headers={"authorization": header} if header is not None else {})
    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="REST service"')
    assert "Authorization: Bearer TOKEN" in response.json()["detail"]


@pytest.mark.urls("api.tests.groups")
@pytest.mark.parametrize("method", ["get", "post", "options"])
def test_scheme_token_is_told_to_be_bearer(client, db, method):
    response = getattr(client, method)("/test-group/", headers={"authorization": "Token x"})
    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="REST service"')
    assert response.json()["detail"] == 'The scheme is not "Token" - write "Authorization: Bearer TOKEN".'


@pytest.mark.parametrize("path", ["/token/", "/token/all/"])
def test_token_has_no_state_that_a_request_can_expect(as_user, path):
    refused = as_user.delete(path, headers={"if-match": "*"})
    assert (refused.status_code, as_user.delete(path, headers={"if-none-match": "*"}).status_code) == (412, 204)


def test_revoked_token_is_401_and_the_others_stay(as_user, user):
    _, token = AuthToken.objects.create(user)
    assert as_user.delete("/token/").status_code == 204
    assert (as_user.delete("/token/").status_code, use(as_user, token)) == (401, 200)


def test_all_tokens_of_one_user_are_revoked(as_user, as_other, user):
    AuthToken.objects.create(user)
    assert as_user.delete("/token/all/").status_code == 204
    assert [token.user.username for token in AuthToken.objects.all()] == ["other"]


def test_revoking_takes_few_queries(as_user, django_assert_num_queries):
    with django_assert_num_queries(2):
        as_user.delete("/token/")


def test_login_takes_few_queries(client, user, django_assert_num_queries):
    # The user, the expired tokens, the new one, the time of the login.
    with django_assert_num_queries(4):
        log_in(client)
