"""Every query of every panel and variable of Grafana's dashboards finds data while the service is used."""

import json
import math
import re
from pathlib import Path

import pytest

from support.parts import SCRAPE_SECONDS, wait_for
from support.people import UNKNOWN

FOLDER = Path(__file__).parents[1] / "dashboards"
REQUESTS = 20
# Grafana's functions for the values of a variable: a metric, and the label that gives the values.
VARIABLE = re.compile(r"label_values\((.+), *\w+\)|query_result\((.+)\)")


def panels(board):
    """The panels of a dashboard, those in a closed row as well."""
    for panel in board["panels"]:
        yield panel
        yield from panel.get("panels", [])


def variables(board):
    """The variables of a dashboard; one without any has no list either."""
    return board.get("templating", {}).get("list", [])


def queries(board):
    """The title and the query of each panel and variable, as Prometheus takes it."""
    for panel in panels(board):
        for target in panel.get("targets", []):
            yield f"{panel['title']}: {target['refId']}", with_values(target["expr"], board)
    for variable in [variable for variable in variables(board) if variable["type"] == "query"]:
        function = VARIABLE.fullmatch(variable["query"]["query"])
        assert function, f"{variable['name']}: write label_values(metric, label) or query_result(query)"
        yield variable["name"], with_values(function[1] or function[2], board)


def with_values(query, board):
    """A query with any value for each variable, and the shortest window that Grafana takes."""
    query = query.replace("$__rate_interval", f"{4 * SCRAPE_SECONDS:g}s")
    for variable in variables(board):
        query = re.sub(rf"\${variable['name']}\b|\$\{{{variable['name']}\}}", ".*", query)
    return query


def cases():
    for file in sorted(FOLDER.glob("*.json")):
        for title, query in queries(json.loads(file.read_text())):
            yield pytest.param(query, id=f"{file.stem}: {title}")


@pytest.fixture(scope="module")
def used(server, metrics):
    """A service that is used before and after a scrape, so that its counters have risen."""
    for _ in range(2):
        for _ in range(REQUESTS):
            server.get("/token/", headers=UNKNOWN)
        metrics.wait_for_scrape()


@pytest.mark.parametrize("query", [*cases()])
def test_query_finds_data(used, metrics, query):
    def numbers():
        return [sample for sample in metrics.samples(query) if math.isfinite(float(sample["value"][1]))]

    wait_for(lambda: numbers() or not metrics.knows(query), 3 * SCRAPE_SECONDS, "no number")


def test_queries_of_rows_and_variables_are_found():
    row = {"title": "Row", "panels": [{"title": "In it", "targets": [{"refId": "A", "expr": 'up{job=~"$job"}'}]}]}
    variable = {"name": "job", "type": "query", "query": {"query": "label_values(up, job)"}}
    board = {"panels": [row], "templating": {"list": [variable]}}
    assert [*queries(board)] == [("In it: A", 'up{job=~".*"}'), ("job", "up")]


def test_no_dashboard_is_left_out():
    assert {file.stem for file in FOLDER.glob("*.json")} >= {"overview", "saturation", "database", "logs", "metrics"}
