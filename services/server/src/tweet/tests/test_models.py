"""The stored tweets."""

import pytest
from django.core.management import call_command

from tweet.models import Tweet


def test_tweet_is_shown_as_its_text():
    assert str(Tweet(text="hello")) == "hello"


@pytest.mark.django_db
def test_fixture_holds_two_tweets():
    call_command("loaddata", "initial", verbosity=0)
    assert Tweet.objects.count() == 2


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    call_command("migrate", "--check", verbosity=0)
