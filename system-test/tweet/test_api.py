"""The sample API: tweets are listed, found, created, changed and deleted; what is wrong is refused in words."""

from urllib.parse import urlencode, urlsplit

import pytest

from support.people import USER


def pages(server, **query):
    """Yield each page of the list, following the links."""
    url = f"/tweet/?{urlencode(query)}"
    while url:
        page = server.get(url)
        yield page.json()
        url = page.links.get("next", {}).get("url")


def test_list_is_an_array_newest_first(server, tweet):
    newest = server.get("/tweet/").json()[0]
    assert newest == tweet


def test_tweet_has_its_five_fields(tweet):
    assert tweet.keys() == {"id", "author", "text", "timestamp", "href"}


def test_reading_needs_no_token(server):
    assert server.get("/tweet/").status_code == 200


def test_writing_without_a_token_is_401(server):
    assert server.post("/tweet/", json={"text": "a"}).status_code == 401


def test_author_is_the_user_of_the_token(tweet):
    assert tweet["author"] == USER


def test_created_tweet_is_201_with_its_text(writer, text):
    answer = writer.post("/tweet/", json={"text": text})
    assert (answer.status_code, answer.json()["text"]) == (201, text)


def test_created_tweet_is_read_by_href(server, tweet):
    answer = server.get(tweet["href"])
    assert (answer.status_code, answer.json()) == (200, tweet)


def test_href_leads_to_the_server_asked(server, tweet):
    assert urlsplit(tweet["href"]).netloc == server.base_url.netloc.decode()


def test_text_of_140_characters_is_kept(writer, text):
    longest = text.ljust(140, "é")
    assert writer.post("/tweet/", json={"text": longest}).json()["text"] == longest


@pytest.mark.parametrize("wrong", ["x" * 141, "", "   ", None, "nul \0"], ids=["long", "empty", "blank", "null", "nul"])
def test_wrong_text_is_400_by_field(writer, wrong):
    answer = writer.post("/tweet/", json={"text": wrong})
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (400, ["text"])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"], ids=["empty", "cut", "array", "binary"])
def test_body_that_is_no_object_is_400(writer, body):
    assert writer.post("/tweet/", content=body, headers={"Content-Type": "application/json"}).status_code == 400


def test_body_that_is_no_json_is_415(writer):
    assert writer.post("/tweet/", content=b"text", headers={"Content-Type": "text/plain"}).status_code == 415


@pytest.mark.parametrize("unknown", ["0", "01", "+1", "%D9%A1", "1%0A", "9223372036854775807", "9" * 30, "x"])
def test_unknown_tweet_is_404(server, unknown):
    assert server.get(f"/tweet/{unknown}/").status_code == 404


def test_fixtures_are_the_oldest_tweets(server):
    (page,) = pages(server, limit=200, until="2026-01-02T00:00:00Z")
    assert [tweet["text"] for tweet in page] == ["One pod, one command.", "Hello, world!"]


def test_pages_hold_each_tweet_once(server, writer, text):
    created = [writer.post("/tweet/", json={"text": text}).json()["id"] for _ in range(5)]
    seen = []
    for page in pages(server, limit=2):
        seen += [tweet["id"] for tweet in page]
        if min(seen) <= created[0]:
            break
    assert seen == sorted(set(seen), reverse=True)
    assert set(created) <= set(seen)


def test_second_page_leads_back(server, writer, tweet, text):
    writer.post("/tweet/", json={"text": text})
    second = server.get(server.get("/tweet/?limit=1").links["next"]["url"])
    assert server.get(second.links["prev"]["url"]).json() == server.get("/tweet/?limit=1").json()


def test_links_repeat_the_longest_query(server, writer, tweet, text):
    writer.post("/tweet/", json={"text": text})
    # A time may have any number of decimals.
    second = server.get(server.get(f"/tweet/?limit=1&since=2026-01-01T00:00:00.{'0' * 7900}Z").links["next"]["url"])
    assert (second.status_code, second.json()) == (200, [tweet])


@pytest.mark.parametrize("limit", [1, 200])
def test_page_is_bounded(server, tweet, limit):
    assert 1 <= len(server.get(f"/tweet/?limit={limit}").json()) <= limit


@pytest.mark.parametrize("limit", [0, 201, "many"])
def test_page_beyond_the_bounds_is_400(server, limit):
    assert server.get(f"/tweet/?limit={limit}").status_code == 400


def test_unknown_cursor_is_404(server):
    assert server.get("/tweet/?cursor=unknown").status_code == 404


def test_wrong_method_is_405_with_the_right_ones(writer):
    answer = writer.patch("/tweet/", json={})
    assert (answer.status_code, "POST" in answer.headers["Allow"]) == (405, True)


def test_changed_tweet_has_the_new_text(server, writer, tweet):
    put = writer.put(tweet["href"], json={"text": "put"})
    assert put.json() == server.get(tweet["href"]).json() == {**tweet, "text": "put"}
    assert writer.patch(tweet["href"], json={"text": "patched"}).json()["text"] == "patched"


def test_deleted_tweet_is_404(server, writer, tweet):
    assert (writer.delete(tweet["href"]).status_code, server.get(tweet["href"]).status_code) == (204, 404)


@pytest.mark.parametrize("query", ["search={word}", "author={author}&search={word}", "since={timestamp}&search={word}"])
def test_filter_finds_the_tweet(server, tweet, query):
    filled = query.format(word=tweet["text"].split()[1], **tweet)
    assert server.get(f"/tweet/?{filled}").json() == [tweet]


def test_until_leaves_the_moment_out(server, tweet):
    assert tweet not in server.get("/tweet/", params={"until": tweet["timestamp"]}).json()


@pytest.mark.parametrize(
    "query", ["since=yesterday", "until=2026-01-01", "author=%00", f"search={'x' * 201}", "sinse=2026-01-01T00:00:00Z"]
)
def test_nonsense_in_a_filter_is_400(server, query):
    answer = server.get(f"/tweet/?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, query.partition("=")[0])


def test_problem_has_the_id_of_its_request(server):
    answer = server.get("/tweet/0/")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["X-REQUEST-ID"]


@pytest.mark.parametrize("charset", ["zlib", "rot13", "utf-16"])
def test_body_in_another_charset_is_415(server, charset):
    headers = {"Content-Type": f"application/json; charset={charset}"}
    assert server.post("/tweet/", content=b"{}", headers=headers).status_code == 415
