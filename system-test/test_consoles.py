"""The consoles of Prometheus work in a real browser, and every panel of them has data while the service is asked."""

import re
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
    expect(console.locator("figure:not([data-state])")).to_have_count(0)
    without = console.locator("figure:not([data-state=data])").evaluate_all(
        "list => list.map(one => one.dataset.query)"
    )
    assert [query for query in without if metrics.knows(query)] == []
    assert "undefined" not in console.locator("main").inner_text()


@pytest.mark.parametrize("name", CONSOLES)
def test_lines_of_a_panel_have_distinct_colours(console, load, name):
    console.goto(f"/consoles/{name}.html")
    expect(console.locator("figure:not([data-state])")).to_have_count(0)
    for panel in console.locator("figure .u-legend").all():
        marks = panel.locator(".u-marker").evaluate_all("list => list.slice(1).map(one => one.style.border)")
        assert len(marks) == len({*marks})


@pytest.mark.parametrize("name", CONSOLES)
def test_panel_is_within_its_frame(console, load, name):
    console.goto(f"/consoles/{name}.html")
    expect(console.locator("figure:not([data-state])")).to_have_count(0)
    assert console.locator("figure").evaluate_all("list => list.filter(one => one.scrollWidth > one.clientWidth)") == []


def test_pointer_shows_the_values_below_it(console, load):
    console.goto("/consoles/overview.html")
    panel = console.locator("figure[data-title=Workers]")
    expect(panel).to_have_attribute("data-state", "data")
    newest = panel.locator(".u-value").all_inner_texts()
    # The left end is 15 minutes old: this pod had no workers then.
    panel.locator(".u-over").hover(position={"x": 1, "y": 20})
    expect(panel.locator(".u-value").nth(1)).to_have_text("-")
    assert newest[1] != "-"


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


def test_chosen_time_is_remembered(console, load):
    console.goto("/consoles/overview.html")
    console.get_by_label("Last").select_option("6 hours")
    console.get_by_role("link", name="Logs").click()
    expect(console.get_by_label("Last")).to_have_value("360")


def test_alerts_say_what_to_do(console):
    console.goto("/alerts")
    expect(console.get_by_role("row", name="PartDown")).to_contain_text("inv restart JOB")
    expect(console.get_by_role("row").last).to_contain_text("Watchdog")


def test_query_in_the_address_is_drawn(console):
    console.goto("/graph?g0.expr=up&g0.tab=1")
    expect(console.get_by_label("PromQL")).to_have_value("up")
    expect(console.locator("figure")).to_have_attribute("data-state", "data")


def test_every_link_of_every_page_leads_somewhere(console):
    seen, waiting = {}, ["/"]
    while waiting:
        path = waiting.pop()
        seen[path] = console.request.get(path).status
        links = re.findall(r'(?:href|src)="(/[^"]*)"', console.request.get(path).text()) if "/user/" not in path else []
        waiting += [link for link in links if link not in seen and link not in waiting]
    assert {path: status for path, status in seen.items() if status != 200} == {}
    assert len(seen) > 8
