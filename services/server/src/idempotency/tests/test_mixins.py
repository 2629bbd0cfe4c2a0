"""Idempotency-Key on a resource of the tests: whatever is repeated, there is one object."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone
from rest_framework.mixins import CreateModelMixin
from rest_framework.response import Response

from idempotency.models import StoredAnswer

pytestmark = [pytest.mark.django_db, pytest.mark.urls("api.tests.groups")]


def post(client, key="key", body='{"name": "a"}'):
    return client.post("/test-group/", body, content_type="application/json", headers={"idempotency-key": key})


def test_repeated_key_is_answered_as_the_first_time(as_user):
    first, second = post(as_user), post(as_user)
    assert (second.status_code, second.content, second["Location"]) == (201, first.content, first["Location"])
    assert Group.objects.count() == 1


def test_first_answer_outlives_a_change(as_user):
    first = post(as_user)
    Group.objects.all().delete()
    assert post(as_user).json() == first.json()


def test_other_key_is_another_request(as_user):
    answers = [post(as_user, key, f'{{"name": "{key}"}}').json()["name"] for key in "ab"]
    assert answers == ["a", "b"]


def test_key_belongs_to_its_user(as_user, as_other):
    names = {"user": as_user, "other": as_other}
    answers = [post(client, body=f'{{"name": "{name}"}}').json()["name"] for name, client in names.items()]
    assert answers == ["user", "other"]


def test_key_with_another_body_is_422(as_user):
    post(as_user)
    assert post(as_user, body='{"name": "b"}').status_code == 422


@pytest.mark.parametrize("key", ["", " ", "a b", "ä", "a" * 256], ids=["empty", "blank", "space", "no-ascii", "long"])
def test_malformed_key_is_400(as_user, key):
    assert (post(as_user, key).status_code, Group.objects.count()) == (400, 0)


@pytest.mark.parametrize("key", ["!", '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "~" * 255])
def test_well_formed_key_is_taken(as_user, key):
    assert post(as_user, key).status_code == 201


def test_failed_request_stores_nothing(as_user):
    assert (post(as_user, body="{}").status_code, StoredAnswer.objects.count()) == (400, 0)
    assert post(as_user).status_code == 201


def test_error_that_is_returned_stores_nothing(as_user, monkeypatch):
    monkeypatch.setattr(CreateModelMixin, "create", lambda *_: Response(status=409))
    assert (post(as_user).status_code, StoredAnswer.objects.count()) == (409, 0)


def test_crashed_request_stores_nothing(as_user, monkeypatch):
    as_user.raise_request_exception = False
    monkeypatch.setattr("api.tests.groups.GroupViewSet.perform_create", None)
    assert (post(as_user).status_code, StoredAnswer.objects.count()) == (500, 0)


def test_without_a_token_is_401(client):
    assert post(client).status_code == 401


def test_key_of_nobody_is_400(client, monkeypatch):
    monkeypatch.setattr("api.tests.groups.GroupViewSet.permission_classes", [])
    assert (post(client).status_code, Group.objects.count()) == (400, 0)


def test_key_is_forgotten_after_its_time(as_user):
    post(as_user)
    StoredAnswer.objects.update(created=timezone.now() - timedelta(hours=25))
    assert post(as_user, body='{"name": "b"}').json()["name"] == "b"
    assert StoredAnswer.objects.count() == 1


def test_keys_of_others_are_left_alone(as_user, as_other):
    post(as_other, body='{"name": "b"}')
    StoredAnswer.objects.update(created=timezone.now() - timedelta(hours=25))
    post(as_user)
    assert StoredAnswer.objects.count() == 2


def test_replay_takes_few_queries(as_user, django_assert_num_queries):
    post(as_user)
    # One for the token, two for the savepoint, one removes what has expired, one finds the answer.
    with django_assert_num_queries(5):
        post(as_user)


def test_stored_answer_is_shown_as_its_key(user):
    assert str(StoredAnswer(user=user, key="key")) == f"key of {user.pk}"


@pytest.mark.django_db(transaction=True)
def test_both_at_once_make_one_object(as_user):
    both = Barrier(2)

    def send(_):
        both.wait()
        try:
            return post(as_user).content
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as senders:
        assert len({*senders.map(send, range(2))}) == 1
    assert Group.objects.count() == 1
