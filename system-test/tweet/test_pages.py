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
