"""The sample API: tweets are listed, created and read; what is wrong is refused in words."""

from urllib.parse import urlsplit

import pytest


def pages(server, limit):
    """Yield each page of the list, following the links."""
    url = f"/tweet/?limit={limit}"
    while url:
        page = server.get(url)
        yield page.json()
        url = page.links.get("next", {}).get("url")


def test_list_is_an_array_newest_first(server, tweet):
    newest = server.get("/tweet/").json()[0]
    assert newest == tweet


def test_tweet_has_its_four_fields(tweet):
    assert tweet.keys() == {"id", "text", "timestamp", "href"}


def test_created_tweet_is_201_with_its_text(server, text):
    answer = server.post("/tweet/", json={"text": text})
    assert (answer.status_code, answer.json()["text"]) == (201, text)


def test_created_tweet_is_read_by_href(server, tweet):
    answer = server.get(tweet["href"])
    assert (answer.status_code, answer.json()) == (200, tweet)


def test_href_leads_to_the_server_asked(server, tweet):
    assert urlsplit(tweet["href"]).netloc == server.base_url.netloc.decode()


def test_text_of_140_characters_is_kept(server, text):
    longest = text.ljust(140, "é")
    assert server.post("/tweet/", json={"text": longest}).json()["text"] == longest


@pytest.mark.parametrize("wrong", ["x" * 141, "", "   ", None, "nul \0"], ids=["long", "empty", "blank", "null", "nul"])
def test_wrong_text_is_400_by_field(server, wrong):
    answer = server.post("/tweet/", json={"text": wrong})
    assert (answer.status_code, list(answer.json())) == (400, ["text"])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"], ids=["empty", "cut", "array", "binary"])
def test_body_that_is_no_object_is_400(server, body):
    assert server.post("/tweet/", content=body, headers={"Content-Type": "application/json"}).status_code == 400


def test_body_that_is_no_json_is_415(server):
    assert server.post("/tweet/", content=b"text", headers={"Content-Type": "text/plain"}).status_code == 415


@pytest.mark.parametrize("unknown", ["0", "9223372036854775807", "9" * 30, "x"])
def test_unknown_tweet_is_404(server, unknown):
    assert server.get(f"/tweet/{unknown}/").status_code == 404


def test_pages_hold_each_tweet_once(server, text):
    created = [server.post("/tweet/", json={"text": text}).json()["id"] for _ in range(5)]
    seen = []
    for page in pages(server, limit=2):
        seen += [tweet["id"] for tweet in page]
        if min(seen) <= created[0]:
            break
    assert seen == sorted(set(seen), reverse=True)
    assert set(created) <= set(seen)


def test_second_page_leads_back(server, tweet, text):
    server.post("/tweet/", json={"text": text})
    second = server.get(server.get("/tweet/?limit=1").links["next"]["url"])
    assert server.get(second.links["prev"]["url"]).json() == server.get("/tweet/?limit=1").json()


def test_links_repeat_the_longest_query(server, tweet, text):
    server.post("/tweet/", json={"text": text})
    second = server.get(server.get(f"/tweet/?limit=1&q={'x' * 8000}").links["next"]["url"])
    assert (second.status_code, second.json()) == (200, [tweet])


@pytest.mark.parametrize(("asked", "most"), [(1, 1), (100_000, 200)])
def test_page_is_bounded(server, tweet, asked, most):
    assert 1 <= len(server.get(f"/tweet/?limit={asked}").json()) <= most


def test_unknown_cursor_is_404(server):
    assert server.get("/tweet/?cursor=unknown").status_code == 404


def test_wrong_method_is_405_with_the_right_ones(server):
    answer = server.patch("/tweet/", json={})
    assert (answer.status_code, "POST" in answer.headers["Allow"]) == (405, True)
