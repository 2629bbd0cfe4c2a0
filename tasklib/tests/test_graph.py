"""Grafana's container agrees with the pod, its dashboards with what it provisions, and a person can read each panel."""

import itertools
import json
from pathlib import Path

import pytest
import yaml

from tasklib.core import services
from tasklib.core.project import Project
from tasklib.core.services import GRAPH, SERVICES
from tasklib.tests.test_tree import found

POD = Project("x", port_offset=100).with_graph().manifest
FOLDER = Path("services", GRAPH)
FILES = sorted(FOLDER.glob("dashboards/*.json"))
[SOURCE] = yaml.safe_load((FOLDER / "provisioning/datasources/metrics.yaml").read_text())["datasources"]
COLUMNS = 24  # of Grafana's grid


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def file(request):
    return request.param


@pytest.fixture
def board(file):
    return json.loads(file.read_text())


def share_a_cell(one, other):
    """Whether two panels overlap in the grid."""
    return all(
        one[at] < other[at] + other[size] and other[at] < one[at] + one[size] for at, size in [("x", "w"), ("y", "h")]
    )


def test_link_to_a_dashboard_is_its_file_name(file, board):
    assert board["uid"] == file.stem


def test_titles_differ():
    titles = [json.loads(file.read_text())["title"] for file in FILES]
    assert len({*titles}) == len(titles)


def test_dashboard_can_be_edited(board):
    assert board["editable"]
    assert "__inputs" not in board  # of an export for other people, which asks for its data source


def test_every_panel_has_an_id_of_its_own(board):
    ids = [panel["id"] for panel in board["panels"]]
    assert len({*ids}) == len(ids)


def test_panels_lie_beside_each_other(board):
    places = [panel["gridPos"] for panel in board["panels"]]
    assert max(place["x"] + place["w"] for place in places) <= COLUMNS
    assert not any(share_a_cell(one, other) for one, other in itertools.combinations(places, 2))


def test_every_query_has_a_legend_and_the_provisioned_source(board):
    targets = [target for panel in board["panels"] for target in panel["targets"]]
    source = {"type": SOURCE["type"], "uid": SOURCE["uid"]}
    assert [target["refId"] for target in targets if target["datasource"] != source] == []
    assert all(target["legendFormat"] for target in targets)


def test_every_panel_says_what_it_means(board):
    assert all(panel["description"] and panel["fieldConfig"]["defaults"]["unit"] for panel in board["panels"])


def test_grafana_joins_under_the_name_of_the_copy():
    assert POD.containers[GRAPH]["image"] == "localhost/x-metrics-graph:latest"
    assert POD.host_ports[GRAPH] == 3100
    assert "x-metrics-graph" in POD.secrets


def test_grafana_is_built_only_when_it_is_named():
    assert GRAPH not in services.every_image()


def test_grafana_stops_before_what_it_shows():
    assert services.stop_order(SERVICES) == ["server", "db", GRAPH, "metrics", "log"]


def test_image_of_grafana_runs_as_the_user_of_its_pod():
    user = POD.containers[GRAPH]["securityContext"]["runAsUser"]
    assert int(found(r"^USER (\d+)", f"containers/{GRAPH}/Containerfile")) == user


def test_grafana_queries_prometheus_as_often_as_that_scrapes():
    interval = found(r"timeInterval: (\d+s)", f"services/{GRAPH}/provisioning/datasources/metrics.yaml")
    assert interval == found(r"scrape_interval: (\d+s)", "services/metrics/prometheus.yml")
