"""The pages for people work in a real browser: no error, no request to another server, enough contrast."""

import re

import pytest
from playwright.sync_api import expect

from support.browser import authorize, execute, violations
from support.parts import wait_for
from support.people import PASSWORD, USER, WINDOW_SECONDS

READY = {"/docs/": ".opblock-tag", "/docs/redoc/": "[data-section-id]"}


@pytest.mark.parametrize("path", READY)
def test_page_is_drawn(page, path):
    page.goto(path)
    expect(page.locator(READY[path]).first).to_be_visible()


def test_page_of_each_list_is_drawn(page, description):
    for path in description.lists():
        page.goto(path)
        expect(page.locator(".response-info").first).to_be_visible()


@pytest.mark.parametrize("path", READY)
def test_page_is_accessible(page, path):
    page.goto(path)
    expect(page.locator(READY[path]).first).to_be_visible()
    assert violations(page) == []


def test_docs_are_reached_by_keyboard(page):
    page.goto("/docs/")
    expect(page.locator(READY["/docs/"]).first).to_be_visible()
    button = page.locator("#operations-service-schema button.opblock-summary-control")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Execute")).to_be_visible()


def test_docs_give_a_token(page, writer):
    def answered():
        page.goto("/docs/")
        answer = execute(page, "token-token_create", {"username": USER, "password": PASSWORD})
        expect(answer.locator(".response-col_status")).to_contain_text(re.compile("[0-9]{3}"))
        return "429" not in answer.inner_text() and answer

    answer = wait_for(answered, WINDOW_SECONDS + 10, "too many logins", 1)
    expect(answer.locator(".response-col_status")).to_contain_text("201")
    expect(answer).to_contain_text('"token"')


def test_docs_use_a_token(page, log_in):
    page.goto("/docs/")
    authorize(page, log_in().json()["token"])
    answer = execute(page, "token-token_destroy")
    expect(answer.locator(".response-col_status")).to_contain_text("204")


def test_admin_is_accessible(admin):
    models = admin.locator("#content-main th a").evaluate_all("links => links.map(link => link.pathname)")
    for path in ["/admin/", *models]:
        admin.goto(path)
        assert violations(admin) == []


def test_admin_is_reached_by_keyboard(page, admin):
    admin.goto("/admin/")
    admin.keyboard.press("Tab")
    expect(admin.get_by_role("link", name="Skip to main content")).to_be_focused()
