"""Every query of every panel of Grafana's dashboards finds data while the service is used."""

import json
import math
from pathlib import Path

import pytest
from parts import SCRAPE_SECONDS, wait_for

FOLDER = Path(__file__).parents[1] / "dashboards"
REQUESTS = 20


def queries():
    """Each query of each panel; the window is the shortest that Grafana takes for the variable."""
    for file in sorted(FOLDER.glob("*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel["targets"]:
                query = target["expr"].replace("$__rate_interval", f"{4 * SCRAPE_SECONDS:g}s")
                yield pytest.param(query, id=f"{file.stem}: {panel['title']}: {target['refId']}")


@pytest.fixture(scope="module")
def used(server, metrics):
    """A service that is used before and after a scrape, so that its counters have risen."""
    for _ in range(2):
        for _ in range(REQUESTS):
            server.get("/tweet/").raise_for_status()
        metrics.wait_for_scrape()


@pytest.mark.parametrize("query", [*queries()])
def test_query_finds_data(used, metrics, query):
    def numbers():
        return [sample for sample in metrics.samples(query) if math.isfinite(float(sample["value"][1]))]

    wait_for(lambda: numbers() or not metrics.knows(query), 3 * SCRAPE_SECONDS, "no number")


def test_no_dashboard_is_left_out():
    assert {file.stem for file in FOLDER.glob("*.json")} >= {"overview", "saturation", "database", "logs", "metrics"}
