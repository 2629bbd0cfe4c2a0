"""The dashboards are of the form that Grafana reads, and each panel can be read by a person."""

import itertools
import json

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

import draw
from panels import DASHBOARDS

FILES = sorted(draw.FOLDER.glob("*.json"))


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def board(request):
    return json.loads(request.param.read_text())


def overlap(one, other):
    """Whether two panels share a cell of the grid."""
    return all(
        one[at] < other[at] + other[size] and other[at] < one[at] + one[size] for at, size in [("x", "w"), ("y", "h")]
    )


def test_files_are_those_of_the_code():
    assert {file.stem: file.read_text() for file in FILES} == {name: draw.draw(name) for name in DASHBOARDS}


def test_grafanas_library_reads_and_writes_the_same(board):
    assert json.loads(json.dumps(Dashboard.from_json(board), cls=JSONEncoder)) == board


def test_every_panel_has_an_id_of_its_own(board):
    ids = [panel["id"] for panel in board["panels"]]
    assert len({*ids}) == len(ids)


def test_panels_lie_beside_each_other(board):
    places = [panel["gridPos"] for panel in board["panels"]]
    assert max(place["x"] + place["w"] for place in places) <= draw.COLUMNS
    assert not any(overlap(one, other) for one, other in itertools.combinations(places, 2))


def test_every_query_has_a_legend_and_the_provisioned_source(board):
    targets = [target for panel in board["panels"] for target in panel["targets"]]
    assert all(target["legendFormat"] and target["datasource"]["uid"] == "metrics" for target in targets)


def test_every_panel_says_what_it_means(board):
    assert all(panel["description"] and panel["fieldConfig"]["defaults"]["unit"] for panel in board["panels"])
