"""The figures that are measured, their limits, and the table that shows both. Pure."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field

from rich import box
from rich.table import Table


@dataclass
class Figure:
    """What was measured, in `unit`; `limit` is the most that it may be, where there is one."""

    name: str
    unit: str
    limit: float | None = None
    points: list[float] = field(default_factory=list)

    def row(self) -> tuple[str, str, str, str, str]:
        """Name, median, range, limit, and the median as a part of the limit, in words where it is over it."""
        median = statistics.median(self.points)
        low, high = number(min(self.points)), number(max(self.points))
        limit, verdict = "", ""
        if self.limit is not None:
            limit = f"{number(self.limit)} {self.unit}"
            part = f"{median / self.limit:.2f}" if self.limit else ""
            verdict = f"{part}, over the limit".removeprefix(", ") if median > self.limit else part
        return self.name, f"{number(median)} {self.unit}", f"{low} to {high}", limit, verdict


def wanted() -> dict[str, Figure]:
    """Every figure, in the order of the table; limits are for two processor cores."""
    return {
        "up": Figure("`inv up` to the first answer, new data", "s", 5),
        "up_data": Figure("`inv up` to the first answer, data kept", "s", 5),
        "up_again": Figure("`inv up`, nothing to do", "s"),
        "edit": Figure("one view edited: `inv build`, `inv up` to the new answer", "s", 10),
        "build": Figure("`inv build`, nothing changed", "s"),
        "test": Figure("`inv test`, warm, without a test", "s", 3),
        "down": Figure("`inv down`", "s"),
        "image": Figure("server image, uncompressed", "MB", 85),
        "start": Figure("server process start to its first 200", "s", 0.4),
        "server": Figure("memory of nginx and uWSGI", "MB", 80),
        "container": Figure("memory of container server, PID 1 included", "MB"),
        "pod": Figure("memory of the whole pod, idle", "MB", 350),
    }


def number(value: float) -> str:
    """A value with two or three digits that say something."""
    if value == int(value) or value >= 100:
        return f"{value:.0f}"
    return f"{value:.2f}" if value < 1 else f"{value:.1f}"


def table(measured: Iterable[Figure]) -> Table:
    """The figures that have points; the table is Markdown as well."""
    result = Table(box=box.MARKDOWN)
    for column in ["figure", "median", "range", "at most", "of that"]:
        result.add_column(column, no_wrap=True)
    for figure in measured:
        if figure.points:
            result.add_row(*figure.row())
    return result
