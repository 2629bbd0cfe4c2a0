"""The list narrowed by author, time and words."""

import pytest
from django.db import connection
from django.utils.dateparse import parse_datetime
from django_filters.rest_framework import DjangoFilterBackend

from tweet.filters import TweetFilter
from tweet.models import Tweet

pytestmark = pytest.mark.django_db
NOON = "2026-01-01T12:00:00Z"


@pytest.fixture
def tweets(user, other):
    """A tweet of each of two, one before noon and one at noon."""
    texts = {user: "The quick brown fox", other: "A slow brown bear"}
    tweets = [Tweet.objects.create(author=author, text=text) for author, text in texts.items()]
    for tweet, time in zip(tweets, ["2026-01-01T11:59:59Z", NOON], strict=True):
        Tweet.objects.filter(pk=tweet.pk).update(timestamp=parse_datetime(time))


@pytest.fixture
def many(user, django_user_model):
    """So many tweets, of so many authors, that an index pays."""
    others = django_user_model.objects.bulk_create(django_user_model(username=str(number)) for number in range(50))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tweet_tweet (author_id, text, timestamp) "
            "SELECT (%s)[1 + n %% 51], 'word' || n, now() - n * interval '1 hour' FROM generate_series(1, 5000) n",
            [[author.pk for author in [user, *others]]],
        )
        cursor.execute("ANALYZE tweet_tweet")


def animals(response):
    """The last word of each tweet in the answer."""
    return [tweet["text"].split()[-1] for tweet in response.json()]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"author": "user"}, ["fox"]),
        ({"author": "nobody"}, []),
        ({"since": NOON}, ["bear"]),
        ({"until": NOON}, ["fox"]),
        ({"since": "2026-01-01T14:00:00+02:00"}, ["bear"]),
        ({"search": "BROWN"}, ["bear", "fox"]),
        ({"search": "brown -slow"}, ["fox"]),
        ({"search": '"quick brown"'}, ["fox"]),
        ({"search": "bear or fox"}, ["bear", "fox"]),
        ({"search": "bro"}, []),
        ({"search": "brown", "author": "other"}, ["bear"]),
        ({"since": "0000-01-01T00:00:00Z"}, ["bear", "fox"]),
        ({"until": "9999-12-31T23:59:59-00:01"}, ["bear", "fox"]),
        ({"until": "0001-01-01T00:00:00+23:59"}, []),
    ],
    ids=str,
)
def test_filter_finds_its_tweets(client, tweets, query, found):
    assert animals(client.get("/tweet/", query)) == found


def test_paging_alone_makes_no_form(client, tweets, monkeypatch):
    monkeypatch.setattr(DjangoFilterBackend, "get_filterset", None)
    assert client.get("/tweet/?limit=1").status_code == 200


def test_pages_keep_the_filter(client, tweets):
    assert "search=brown" in client.get("/tweet/", {"search": "brown", "limit": 1})["Link"]


@pytest.mark.parametrize(
    "query",
    [
        "since=yesterday",
        "since=",
        "author=",
        "search=%20",
        "since=2026-02-30T00:00:00Z",
        "until=10000-01-01T00:00:00Z",
        "sinse=2026-01-01T00:00:00Z",
        "until=2026-01-01",
        "until=%00",
        "until=" + "9" * 5000,
        "author=a%00",
        "author=" + "9" * 5000,
        "search=%00",
        "search=" + "x" * 201,
    ],
    ids=lambda query: query[:20],
)
def test_nonsense_is_400_and_names_the_field(client, query):
    response = client.get(f"/tweet/?{query}")
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [query.partition("=")[0]]


@pytest.mark.parametrize(
    "query",
    [
        "since=9999-12-31T23:59:59%2B23:59",
        "until=0001-01-01T00:00:00-23:59",
        "search=!!%26|(:*",
        "search='",
    ],
)
def test_strange_value_is_answered(client, tweets, query):
    assert client.get(f"/tweet/?{query}").status_code == 200


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({}, "tweet_tweet_pkey"),
        ({"author": "user"}, "tweet_author_newest"),
        ({"since": "2500-01-01T00:00:00Z"}, "tweet_timestamp"),
        ({"until": "1970-01-01T00:00:00Z"}, "tweet_timestamp"),
        ({"search": "word17"}, "tweet_tokens"),
        ({"search": "Wörd17"}, "tweet_tokens"),
        ({"search": '"word17 -5"'}, "tweet_tokens"),
        ({"search": "word17 or word18"}, "tweet_tokens"),
        ({"search": "word17 -word18"}, "tweet_tokens"),
        ({"search": "https://example.org/?a=3.14"}, "tweet_tokens"),
        ({"search": "東京"}, "tweet_tokens"),
    ],
    ids=str,
)
def test_filter_uses_its_index(many, query, index):
    assert index in TweetFilter(query, Tweet.objects.all()).qs[:50].explain()
