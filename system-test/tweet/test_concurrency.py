"""Requests that are repeated, or meet others on the way: nothing is doubled, and nobody's change is undone."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def tag(server, tweet):
    """The ETag of the tweet."""
    return server.get(tweet["href"]).headers["ETag"]


@pytest.fixture
def key():
    """An Idempotency-Key that no other request has."""
    return {"Idempotency-Key": str(uuid.uuid4())}


def test_known_tweet_is_304(server, tweet, tag):
    assert server.get(tweet["href"], headers={"If-None-Match": tag}).status_code == 304


def test_changed_tweet_has_another_tag(writer, tweet, tag):
    answer = writer.patch(tweet["href"], json={"text": "new"}, headers={"If-Match": tag})
    assert (answer.status_code, answer.headers["ETag"] == tag) == (200, False)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_tag_is_412(writer, tweet, method):
    answer = writer.request(method, tweet["href"], json={"text": "new"}, headers={"If-Match": '"other"'})
    assert (answer.status_code, writer.get(tweet["href"]).json()) == (412, tweet)


def test_one_of_many_writers_changes_the_tweet(writer, tweet, tag):
    def write(number):
        return writer.patch(tweet["href"], json={"text": str(number)}, headers={"If-Match": tag}).status_code

    with ThreadPoolExecutor(8) as writers:
        assert sorted(writers.map(write, range(8))) == [200] + [412] * 7


def test_repeated_key_is_answered_as_the_first_time(writer, text, key):
    first, second = (writer.post("/tweet/", json={"text": text}, headers=key) for _ in range(2))
    assert (second.status_code, second.content) == (201, first.content)
    assert second.headers["Location"] == first.headers["Location"] == first.json()["href"]


def test_same_key_at_once_makes_one_tweet(server, writer, text, key):
    def send(_):
        return writer.post("/tweet/", json={"text": text}, headers=key).json()["id"]

    with ThreadPoolExecutor(8) as senders:
        assert len({*senders.map(send, range(8))}) == 1
    assert len(server.get("/tweet/", params={"search": text.split()[1]}).json()) == 1


def test_key_of_another_request_is_422(writer, text, key):
    writer.post("/tweet/", json={"text": text}, headers=key)
    assert writer.post("/tweet/", json={"text": "other"}, headers=key).status_code == 422


def test_key_of_a_failed_request_may_be_used_again(writer, text, key):
    assert writer.post("/tweet/", json={"text": ""}, headers=key).status_code == 400
    assert writer.post("/tweet/", json={"text": text}, headers=key).status_code == 201
