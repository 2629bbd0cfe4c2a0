"""The sample on the pages for people: the docs and the admin."""

from playwright.sync_api import expect

from support.browser import authorize, execute


def test_docs_let_a_token_write(page, writer, text):
    page.goto("/docs/")
    authorize(page, writer.headers["Authorization"].removeprefix("Bearer "))
    answer = execute(page, "tweet-tweet_create", {"text": text})
    expect(answer.locator(".response-col_status")).to_contain_text("201")
    expect(answer).to_contain_text(text)


def test_admin_lets_staff_moderate(admin, server, tweet):
    admin.goto(f"/admin/tweet/tweet/{tweet['id']}/delete/")
    admin.get_by_role("button", name="Yes").click()
    expect(admin.get_by_text("was deleted successfully")).to_be_visible()
    assert server.get(f"/tweet/{tweet['id']}/").status_code == 404


def save(admin):
    """Press the button that saves the page of a tweet."""
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_text("was changed successfully")).to_be_visible()


def test_admin_saves_a_tweet_of_nobody(admin, server, tweet):
    admin.goto(f"/admin/tweet/tweet/{tweet['id']}/change/")
    admin.get_by_label("Author").fill("")
    save(admin)
    # Compared with the description, too, as every answer is.
    assert server.get(tweet["href"]).json() == tweet | {"author": None}
    assert server.get("/tweet/", params={"search": tweet["text"].split()[1]}).json() == [tweet | {"author": None}]


def test_admin_saves_lines_as_they_are(admin, server, writer, text):
    tweet = writer.post("/tweet/", json={"text": f"{text}\nb\r\nc\rd"}).json()
    admin.goto(f"/admin/tweet/tweet/{tweet['id']}/change/")
    save(admin)
    assert server.get(tweet["href"]).json() == tweet
