"""The consoles of Prometheus work in a real browser, and every panel of them has data while the service is asked."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from playwright.sync_api import expect

from support.browser import violations
from support.parts import SCRAPE_SECONDS, wait_for
from support.people import UNKNOWN

CONSOLES = ["overview", "database", "logs", "limits"]
# Rates need two, and the database is asked at every second one: services/db/dbtools/export_metrics.py.
SCRAPES = 4
SEEN = 'count_over_time(django_http_responses_total_by_status_view_method_total{view="token",method="GET"}[1m])'


@pytest.fixture(scope="module")
def load(server, metrics):
    """Requests for as long as rates need."""

    def asked():
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(partial(server.get, headers=UNKNOWN), ["/token/", "/schema/", "/nowhere/"] * 4))
        return metrics.samples(f"{SEEN} >= {SCRAPES}") and metrics.samples("rate(django_db_execute_total[1m])")

    wait_for(asked, 10 * SCRAPE_SECONDS, "Prometheus has no rates")
    metrics.wait_for_scrape()


@pytest.mark.parametrize("name", CONSOLES)
def test_every_panel_has_data(console, metrics, load, name):
    console.goto(f"/consoles/{name}.html")
    panels = console.locator("figure")
    expect(console.locator("figure:not([data-state])")).to_have_count(0)
    without = console.locator("figure:not([data-state=data])").evaluate_all(
        "list => list.map(one => one.dataset.query)"
    )
    assert [query for query in without if metrics.knows(query)] == []
    # A line that is flat has no height, so it passes for hidden.
    expect(panels.locator("svg path[d^=M]").first).to_be_attached()


@pytest.mark.parametrize("name", CONSOLES)
def test_console_is_accessible(console, load, name):
    console.goto(f"/consoles/{name}.html")
    expect(console.locator("figure:not([data-state])")).to_have_count(0)
    assert violations(console) == []


def test_overview_tells_views_and_parts(console, load):
    console.goto("/consoles/overview.html")
    expect(console.get_by_role("cell", name="token", exact=True)).to_be_visible()
    expect(console.get_by_role("cell", name="server", exact=True)).to_be_visible()


def test_longer_time_is_drawn_anew(console, load):
    console.goto("/consoles/overview.html")
    console.get_by_label("Last").select_option("6 hours")
    expect(console.locator("figure:not([data-state=data])")).to_have_count(0)
