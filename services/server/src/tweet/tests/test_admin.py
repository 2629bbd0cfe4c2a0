"""Staff moderates in the admin."""

import pytest
from django.test import Client

from tweet.models import Tweet

LIST = "/admin/tweet/tweet/"


@pytest.fixture
def tweet(user):
    return Tweet.objects.create(text="rude words", author=user)


@pytest.fixture
def moderator(staff):
    client = Client()
    client.force_login(staff)
    return client


def test_tweets_are_listed_and_searched(moderator, tweet):
    assert "rude words" in moderator.get(LIST).text
    assert "rude words" not in moderator.get(LIST, {"q": "kind"}).text


@pytest.mark.parametrize("query", ["ПРИВЕТ", "user", ""])
def test_search_folds_the_case(moderator, user, query):
    Tweet.objects.create(text="Привет!", author=user)
    assert "Привет!" in moderator.get(LIST, {"q": query}).text


def test_moderator_deletes_a_tweet(moderator, tweet):
    moderator.post(f"{LIST}{tweet.pk}/delete/", {"post": "yes"})
    assert not Tweet.objects.exists()


def test_user_is_no_moderator(client, user, tweet):
    client.force_login(user)
    assert client.get(LIST).status_code == 302
