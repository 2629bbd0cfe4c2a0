"""The tweets' part of the API, from the request to the answer."""

import logging

import pytest
from rest_framework.renderers import JSONRenderer

from api.columns import mapped
from tweet.models import Tweet
from tweet.serializers import TweetSerializer

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(as_user):
    """Send a body to the list of tweets as a user."""
    return lambda body, content_type="application/json": as_user.post("/tweet/", body, content_type=content_type)


@pytest.fixture
def tweets(user):
    """Three tweets of the user, the oldest first."""
    return [Tweet.objects.create(text=text, author=user) for text in ("first", "second", "third")]


def link(response, name):
    """Return the target of the answer's Link header with the relation `name`; None without one."""
    links = response.headers.get("Link", "").split(", ")
    return next((item.split(">")[0].strip("<") for item in links if item.endswith(f'rel="{name}"')), None)


def test_list_is_empty_array(client):
    response = client.get("/tweet/")
    assert (response.status_code, response.json()) == (200, [])


def test_list_is_newest_first(client, tweets):
    assert [tweet["text"] for tweet in client.get("/tweet/").json()] == ["third", "second", "first"]


def test_tweet_has_exactly_the_public_fields(client, tweets):
    assert set(client.get("/tweet/").json()[0]) == {"id", "author", "text", "timestamp", "href"}


def test_answers_are_those_of_the_serializer(client, tweets, rf):
    of_nobody = Tweet.objects.create(text="of nobody")
    context = {"request": rf.get("/tweet/")}
    every = TweetSerializer(Tweet.objects.all(), many=True, context=context)
    assert client.get("/tweet/").content == JSONRenderer().render(every.data)
    for tweet in (tweets[0], of_nobody):
        answer = TweetSerializer(tweet, context=context).data
        assert client.get(f"/tweet/{tweet.pk}/").content == JSONRenderer().render(answer)


def test_tweet_needs_no_serializer():
    assert mapped(TweetSerializer)


def test_href_is_absolute_and_answers_the_tweet(client, tweets):
    tweet = client.get("/tweet/").json()[0]
    assert tweet["href"] == f"http://testserver/tweet/{tweets[-1].pk}/"
    assert client.get(tweet["href"]).json() == tweet


def test_href_keeps_scheme_and_name_of_the_request(client, tweets, settings):
    settings.ALLOWED_HOSTS = ["example.org"]
    response = client.get("/tweet/", headers={"host": "example.org", "x-forwarded-proto": "https"})
    assert response.json()[0]["href"].startswith("https://example.org/tweet/")


@pytest.mark.parametrize("path", ["0", "-1", "999999", "x", "%00", "9" * 20, pytest.param("9" * 5000, id="huge")])
def test_unknown_id_is_404_as_json(client, path):
    response = client.get(f"/tweet/{path}/")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_created_tweet_is_answered_and_stored(post):
    response = post('{"text": "hello"}')
    assert response.status_code == 201
    assert Tweet.objects.get(pk=response.json()["id"]).text == "hello"


def test_created_tweet_has_its_address_as_location(post, client):
    response = post('{"text": "hello"}')
    assert response["Location"] == response.json()["href"]


def test_longest_text_is_stored_whole(post):
    assert post(f'{{"text": "{"ä" * 140}"}}').json()["text"] == "ä" * 140


def test_read_only_fields_are_ignored(post):
    tweet = post('{"text": "a", "id": 7000, "timestamp": "2000-01-01T00:00:00Z", "author": "x", "href": "x"}').json()
    assert tweet["id"] != 7000
    assert (tweet["author"], tweet["timestamp"] > "2026") == ("user", True)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f'{{"text": "{"a" * 141}"}}', id="141-characters"),
        pytest.param('{"text": ""}', id="empty"),
        pytest.param('{"text": "  "}', id="blank"),
        pytest.param('{"text": null}', id="null"),
        pytest.param('{"text": ["a"]}', id="list"),
        pytest.param('{"text": "a\\u0000b"}', id="nul"),
        pytest.param('{"text": "\\ud800"}', id="lone-surrogate"),
        pytest.param("{}", id="missing"),
    ],
)
def test_faulty_text_is_400_and_names_the_field(post, body):
    response = post(body)
    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == ["text"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("[]", id="array"),
        pytest.param("7", id="scalar"),
        pytest.param("", id="nothing"),
        pytest.param('{"text"', id="cut"),
        pytest.param("{" + '"text": NaN}', id="nan"),
        pytest.param(b"\xff", id="no-utf-8"),
        pytest.param("[" * 100_000, id="nested"),
        pytest.param("9" * 5000, id="huge-integer"),
    ],
)
def test_faulty_body_is_400_as_json(post, body):
    response = post(body)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "nonsense"])
def test_other_content_type_is_415(post, content_type):
    assert post("text=hello", content_type).status_code == 415


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_method_without_a_meaning_is_405(client, method):
    assert getattr(client, method)("/tweet/").status_code == 405


def test_pages_are_linked_forth_and_back(client, tweets):
    first = client.get("/tweet/?limit=2")
    second = client.get(link(first, "next"))
    assert [tweet["text"] for tweet in second.json()] == ["first"]
    assert client.get(link(second, "prev")).json() == first.json()


def test_single_page_has_no_link(client, tweets):
    assert "Link" not in client.get("/tweet/").headers


def test_page_is_stable_while_tweets_arrive(client, tweets):
    page = link(client.get("/tweet/?limit=1"), "next")
    Tweet.objects.create(text="newer")
    assert client.get(page).json()[0]["text"] == "second"


@pytest.mark.parametrize(("limit", "length"), [("1", 1), ("200", 200)])
def test_limit_has_bounds(client, limit, length):
    Tweet.objects.bulk_create(Tweet(text="a") for _ in range(201))
    assert len(client.get("/tweet/", {"limit": limit}).json()) == length


@pytest.mark.parametrize("limit", ["0", "-1", "x", "", "1.0", "201", "9" * 5000])
def test_limit_that_is_none_is_400(client, db, limit):
    assert client.get("/tweet/", {"limit": limit}).status_code == 400


@pytest.mark.parametrize("text", [0, 1.5, True, None, [], {}], ids=repr)
def test_text_that_is_no_string_is_400(post, text):
    assert post({"text": text}).status_code == 400


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("nonsense", id="no-base64"),
        pytest.param("cD1hYmM=", id="word"),
        pytest.param("cD0lMDA=", id="nul"),
        pytest.param("cD0tMQ==", id="negative"),
        pytest.param("cD0" + "5OTk5" * 1250, id="huge"),
        pytest.param("bz14", id="offset"),
        pytest.param("ä", id="no-ascii"),
    ],
)
def test_tampered_cursor_is_404_as_json(client, tweets, cursor):
    response = client.get("/tweet/", {"cursor": cursor})
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_refused_request_is_logged(post, caplog):
    caplog.set_level(logging.WARNING)
    post("[]")
    assert "Bad Request: /tweet/" in caplog.text


def test_put_and_patch_change_the_text(as_user, tweets):
    path = f"/tweet/{tweets[0].pk}/"
    assert as_user.put(path, {"text": "put"}, "application/json").json()["text"] == "put"
    assert as_user.patch(path, {"text": "patched"}, "application/json").json()["text"] == "patched"


def test_put_without_text_is_400(as_user, tweets):
    assert as_user.put(f"/tweet/{tweets[0].pk}/", {}, "application/json").status_code == 400


def test_change_keeps_author_and_timestamp(as_user, tweets):
    path = f"/tweet/{tweets[0].pk}/"
    before = as_user.get(path).json()
    after = as_user.patch(path, {"author": "other", "timestamp": None, "text": "new"}, "application/json").json()
    assert after == before | {"text": "new"}


def test_deleted_tweet_is_gone(as_user, tweets):
    path = f"/tweet/{tweets[0].pk}/"
    assert (as_user.delete(path).status_code, as_user.get(path).status_code) == (204, 404)


def test_tweet_outlives_its_author(client, tweets, user):
    user.delete()
    assert [tweet["author"] for tweet in client.get("/tweet/").json()] == [None, None, None]


@pytest.mark.parametrize("count", [1, 50])
def test_list_takes_one_query(client, django_user_model, django_assert_num_queries, count):
    authors = django_user_model.objects.bulk_create(django_user_model(username=str(number)) for number in range(count))
    Tweet.objects.bulk_create(Tweet(text="a", author=author) for author in authors)
    with django_assert_num_queries(1):
        assert len(client.get("/tweet/").json()) == count


# One for the token; a change has a savepoint around it, and locks the row before.
@pytest.mark.parametrize(("method", "count"), [("GET", 2), ("PUT", 5), ("PATCH", 5), ("DELETE", 5)])
def test_single_tweet_takes_few_queries(as_user, tweets, django_assert_num_queries, method, count):
    with django_assert_num_queries(count):
        as_user.generic(method, f"/tweet/{tweets[0].pk}/", '{"text": "a"}', "application/json")


def test_creation_takes_two_queries(post, django_assert_num_queries):
    with django_assert_num_queries(2):
        post('{"text": "a"}')
