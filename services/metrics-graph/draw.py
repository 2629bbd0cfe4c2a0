"""Write Grafana's dashboards to dashboards/, or with --check compare them. Runs in the test image.

They are made by Grafana's own library, so that they are of the form that Grafana reads.
"""

import json
import sys
from pathlib import Path
from typing import NamedTuple

from grafana_foundation_sdk.builders import prometheus, stat, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import units
from grafana_foundation_sdk.models.common import DataSourceRef
from grafana_foundation_sdk.models.dashboard import GridPos

from panels import DASHBOARDS, Number, Panel

FOLDER = Path(__file__).parent / "dashboards"
METRICS = DataSourceRef(type_val="prometheus", uid="metrics")  # provisioning/datasources/metrics.yaml
COLUMNS = 24  # of Grafana's grid


class Place(NamedTuple):
    """Where the next panel goes: from left to right, and in a new row where it has no room."""

    x: int = 0
    y: int = 0
    row: int = 0

    def fit(self, width: int, height: int) -> tuple[GridPos, "Place"]:
        here = self if self.x + width <= COLUMNS else Place(0, self.y + self.row)
        position = GridPos(x=here.x, y=here.y, w=width, h=height)
        return position, Place(here.x + width, here.y, max(here.row, height))


def draw(name: str) -> str:
    """One dashboard as JSON."""
    title, panels = DASHBOARDS[name]
    board = Dashboard(title).uid(name).tags(["pod"]).refresh("10s").time("now-1h", "now").timezone("browser").readonly()
    place = Place()
    for number, panel in enumerate(panels, start=1):
        position, place = place.fit(panel.width, panel.height)
        board = board.with_panel(drawn(panel).id(number).grid_pos(position))
    return json.dumps(board.build(), cls=JSONEncoder, indent=1, sort_keys=True) + "\n"


def drawn(panel: Panel) -> stat.Panel | timeseries.Panel:
    """One panel, without its place."""
    one = stat.Panel() if isinstance(panel, Number) else timeseries.Panel()
    one = one.title(panel.title).description(panel.meaning).datasource(METRICS).unit(getattr(units, panel.unit)).min(0)
    for letter, (legend, query) in zip("ABCDEF", panel.queries.items(), strict=False):
        one = one.with_target(target(letter, legend, query))
    return one


def target(letter: str, legend: str, query: str) -> prometheus.Dataquery:
    return prometheus.Dataquery().ref_id(letter).expr(query).legend_format(legend).datasource(METRICS).range()


def main(words: list[str]) -> str | None:
    """Do as the command line says; return what is wrong."""
    drawn = {FOLDER / f"{name}.json": draw(name) for name in DASHBOARDS}
    if words == ["--check"]:
        old = {file: file.read_text() for file in FOLDER.glob("*.json")}
        return None if old == drawn else "the dashboards are not what panels.py says - write them anew: inv schema"
    for file, text in drawn.items():
        file.write_text(text)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
