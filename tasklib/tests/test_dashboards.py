"""Grafana's dashboards are as it provisions them, and each panel can be read by a person."""

import itertools
import json
from pathlib import Path

import pytest
import yaml

FOLDER = Path("services/metrics-graph")
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
