"""Staff moderates in the admin."""

import pytest

from tweet.models import Tweet

LIST = "/admin/tweet/tweet/"


@pytest.fixture
def tweet(user):
    return Tweet.objects.create(text="rude words", author=user)


def test_tweets_are_listed_and_searched(manager, tweet):
    assert "rude words" in manager.get(LIST).text
    assert "rude words" not in manager.get(LIST, {"q": "kind"}).text


@pytest.mark.parametrize("query", ["ПРИВЕТ", "user", ""])
def test_search_folds_the_case(manager, user, query):
    Tweet.objects.create(text="Привет!", author=user)
    assert "Привет!" in manager.get(LIST, {"q": query}).text


def test_moderator_deletes_a_tweet(manager, tweet):
    manager.post(f"{LIST}{tweet.pk}/delete/", {"post": "yes"})
    assert not Tweet.objects.exists()


def test_user_is_no_moderator(client, user, tweet):
    client.force_login(user)
    assert client.get(LIST).status_code == 302


# What the API takes; a browser sends each of them as `typed`.
TEXTS = [
    "a", "é" * 140, "a\nb", "a\r\nb", "a\rb", "a\n\n\nb", "a\n" * 69 + "bc", "<b>&amp;</b>",
    "\"'\\", "a\tb  c", "\U0001f600" * 140, "a\u2028b", "\u200b", "a\x1fb", "\ufeffa", "0", "None", "مرحبا",
]  # fmt: skip


def typed(text):
    """A text as a browser sends it back from a page: each line ends by CR LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def save(manager, tweet, **changed):
    """Save the page of a tweet with what stands in its fields; return the tweet."""
    page = manager.get(f"{LIST}{tweet.pk}/change/")
    initial = page.context["adminform"].form.initial
    fields = {"author": initial["author"] or "", "text": typed(initial["text"]), **changed}
    assert manager.post(f"{LIST}{tweet.pk}/change/", fields).status_code == 302
    return Tweet.objects.get()


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_page_saves_unchanged_what_the_api_takes(manager, as_user, text):
    assert as_user.post("/tweet/", {"text": text}, "application/json").status_code == 201
    tweet = Tweet.objects.get()
    assert (save(manager, tweet).text, tweet.text) == (text, text)


def test_page_saves_a_tweet_without_an_author(manager):
    tweet = Tweet.objects.create(text="of nobody")
    saved = save(manager, tweet, text="one\r\ntwo")
    assert (saved.author, saved.text) == (None, "one\ntwo")
