"""Tweets for the tests of the sample."""

import pytest


@pytest.fixture
def text(word):
    """A text for a tweet that no other has and that tells where it comes from."""
    return f"system-test {word}"


@pytest.fixture
def tweet(writer, text):
    """A tweet that was just created, as the server answered it."""
    return writer.post("/tweet/", json={"text": text}).raise_for_status().json()
