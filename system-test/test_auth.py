"""A token is issued for a password, used and revoked; the number of logins is limited."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.people import UNKNOWN


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("headers", [{}, UNKNOWN, {"Authorization": b"Bearer \xff"}, bearer("a b")], ids=range(4))
def test_protected_operation_without_a_valid_token_is_401(server, description, headers):
    answers = [server.request(*operation, json={}, headers=headers) for operation in description.protected()]
    error = 'error="invalid_token", ' if headers else ""
    challenge = f'Bearer {error}realm="{description.document["info"]["title"]}"'
    assert {(answer.status_code, answer.headers["WWW-Authenticate"]) for answer in answers} == {(401, challenge)}


def test_tokens_are_protected(description):
    assert {("DELETE", "/token/"), ("DELETE", "/token/all/")} <= {*description.protected()}


def test_token_is_not_kept_by_caches(writer, log_in):
    answer = log_in()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (201, "no-store")


def test_revoked_token_is_401(writer, server, log_in):
    headers = bearer(log_in().json()["token"])
    assert server.delete("/token/", headers=headers).status_code == 204
    assert server.delete("/token/", headers=headers).status_code == 401


def test_wrong_password_is_401(writer, log_in):
    assert log_in(password="wrong").status_code == 401


def test_logins_above_the_rate_are_429(server):
    name = {"username": str(uuid.uuid4()), "password": "wrong"}
    with ThreadPoolExecutor(8) as clients:
        answers = [*clients.map(lambda _: server.post("/token/", json=name), range(24))]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 1 <= int(refused[0].headers["Retry-After"]) <= 60
    assert {answer.status_code for answer in answers} == {401, 429}
