"""A real browser without a screen, and pages in it that nothing may go wrong on."""

import contextlib
import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect, sync_playwright

from support.people import PASSWORD, USER

PROGRAM = "/usr/lib/chromium/chromium"
# The container is the sandbox; the rest keeps Chromium from asking the world on its own account.
OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Of https://dequeuniversity.com/rules/axe: what keyboards, screen readers and eyes need most.
RULES = ["aria-hidden-focus", "color-contrast", "document-title", "html-has-lang", "label", "link-name", "tabindex"]
expect.set_options(timeout=15_000)  # milliseconds


@pytest.fixture(scope="session")
def chromium():
    """The browser, started once."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, server):
    """A new page in a new profile; the test fails for any error on it, and for any request to another server."""
    with opened(chromium, str(server.base_url)) as page:
        yield page


@pytest.fixture
def console(chromium, metrics):
    """The same for the pages of Prometheus."""
    with opened(chromium, str(metrics.client.base_url)) as page:
        yield page


@contextlib.contextmanager
def opened(chromium, base: str):
    """Lend a page; AssertionError for any error on it, and for any request to another server."""
    context = chromium.new_context(base_url=base)
    page, faults = context.new_page(), []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url) if is_outside(request.url, base) else None)
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def admin(page):
    """The first page of the admin, after a login."""
    page.goto("/admin/")
    page.get_by_label("Username").fill(USER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    return page


def authorize(page: Page, token: str) -> None:
    """Give a token to the docs, which send it with every request."""
    page.locator("button.authorize").click()
    page.locator(".auth-container input").fill(token)
    page.locator(".auth-container").get_by_role("button", name="Apply credentials").click()
    page.get_by_role("button", name="Close").first.click()


def execute(page: Page, name: str, body: object = None) -> Locator:
    """Run an operation from the docs, with a body if there is one; return what they show of the answer."""
    operation = page.locator(f"#operations-{name}")
    operation.locator("button.opblock-summary-control").click()
    if body is not None:
        operation.locator("textarea.body-param__text").fill(json.dumps(body))
    operation.get_by_role("button", name="Execute").click()
    return operation.locator(".live-responses-table .response")


def is_outside(url: str, base: str) -> bool:
    return not url.startswith((base, "data:", "blob:"))


def violations(page: Page) -> list[str]:
    """The accessibility faults that axe-core finds on the page, by rule and place."""
    found = Axe().run(page, options={"runOnly": {"type": "rule", "values": RULES}}).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
