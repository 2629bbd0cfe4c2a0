"""The pages for people work in a real browser: no error, no request to another server, enough contrast."""

import json
import re

import pytest
from playwright.sync_api import expect

from support.browser import violations
from support.parts import wait_for
from support.people import PASSWORD, USER, WINDOW_SECONDS

READY = {"/docs/": ".opblock-tag", "/docs/redoc/": "[data-section-id]", "/tweet/": ".response-info"}


@pytest.mark.parametrize("path", READY)
def test_page_is_drawn(page, path):
    page.goto(path)
    expect(page.locator(READY[path]).first).to_be_visible()


@pytest.mark.parametrize("path", ["/docs/", "/docs/redoc/"])
def test_page_is_accessible(page, path):
    page.goto(path)
    expect(page.locator(READY[path]).first).to_be_visible()
    assert violations(page) == []


def test_docs_are_reached_by_keyboard(page):
    page.goto("/docs/")
    expect(page.locator(READY["/docs/"]).first).to_be_visible()
    button = page.locator("#operations-tweet-tweet_list button.opblock-summary-control")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Execute")).to_be_visible()


def executed(page, name, body):
    """Send a body to an operation from the docs; return what they show of the answer."""
    operation = page.locator(f"#operations-{name}")
    operation.locator("button.opblock-summary-control").click()
    operation.locator("textarea.body-param__text").fill(json.dumps(body))
    operation.get_by_role("button", name="Execute").click()
    return operation.locator(".live-responses-table .response")


def test_docs_give_a_token(page, writer):
    def answered():
        page.goto("/docs/")
        answer = executed(page, "token-token_create", {"username": USER, "password": PASSWORD})
        expect(answer.locator(".response-col_status")).to_contain_text(re.compile("[0-9]{3}"))
        return "429" not in answer.inner_text() and answer

    answer = wait_for(answered, WINDOW_SECONDS + 10, "too many logins", 1)
    expect(answer.locator(".response-col_status")).to_contain_text("201")
    expect(answer).to_contain_text('"token"')


def test_docs_let_a_token_write(page, writer, text):
    page.goto("/docs/")
    page.locator("button.authorize").click()
    page.locator(".auth-container input").fill(writer.headers["Authorization"].removeprefix("Bearer "))
    page.locator(".auth-container").get_by_role("button", name="Apply credentials").click()
    page.get_by_role("button", name="Close").first.click()
    answer = executed(page, "tweet-tweet_create", {"text": text})
    expect(answer.locator(".response-col_status")).to_contain_text("201")
    expect(answer).to_contain_text(text)


@pytest.fixture
def admin(page):
    """The admin's first page, after a login."""
    page.goto("/admin/")
    page.get_by_label("Username").fill(USER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return page


def test_admin_lets_staff_moderate(admin, server, tweet):
    admin.goto(f"/admin/tweet/tweet/{tweet['id']}/delete/")
    admin.get_by_role("button", name="Yes").click()
    expect(admin.get_by_text("was deleted successfully")).to_be_visible()
    assert server.get(f"/tweet/{tweet['id']}/").status_code == 404


@pytest.mark.parametrize("path", ["/admin/", "/admin/tweet/tweet/"])
def test_admin_is_accessible(admin, path):
    admin.goto(path)
    assert violations(admin) == []


def test_admin_is_reached_by_keyboard(page, admin):
    admin.goto("/admin/")
    admin.keyboard.press("Tab")
    expect(admin.get_by_role("link", name="Skip to main content")).to_be_focused()
