"""Tweets of older releases."""

import pytest
from django.core.management import call_command

from tweet.models import Tweet

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def older():
    """The tables of a release before its search knew every language."""
    call_command("migrate", "tweet", "0002", verbosity=0)
    yield
    call_command("migrate", "tweet", verbosity=0)


def test_older_tweet_is_found(client, older):
    Tweet.objects.create(text="Привет C++")
    call_command("migrate", "tweet", verbosity=0)
    assert [tweet["text"] for tweet in client.get("/tweet/", {"search": "привет c++"}).json()] == ["Привет C++"]
