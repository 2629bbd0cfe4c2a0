"""A real browser without a screen, and pages in it that nothing may go wrong on."""

import contextlib

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

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


def is_outside(url: str, base: str) -> bool:
    return not url.startswith((base, "data:", "blob:"))


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page as it is, by rule and place."""
    found = Axe().run(page, options={"runOnly": {"type": "rule", "values": RULES}}).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
