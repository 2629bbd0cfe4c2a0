"""Measured figures, their limits, and the table that shows both."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field

from rich import box
from rich.console import Console
from rich.table import Table

from bench.processes import QUIET


@dataclass
class Figure:
    """Measured values in `unit`, and the highest that is allowed, where there is a limit."""

    name: str
    unit: str
    limit: float | None = None
    points: list[float] = field(default_factory=list)

    def row(self) -> tuple[str, str, str, str, str]:
        """Name, median, range, limit, and the median as a fraction of the limit, with a note when it is higher."""
        median = statistics.median(self.points)
        low, high = number(min(self.points)), number(max(self.points))
        limit, verdict = "", ""
        if self.limit is not None:
            limit = f"{number(self.limit)} {self.unit}"
            fraction = f"{median / self.limit:.2f}" if self.limit else ""
            verdict = f"{fraction}, over the limit".removeprefix(", ") if median > self.limit else fraction
        return self.name, f"{number(median)} {self.unit}", f"{low} to {high}", limit, verdict


def number(value: float) -> str:
    """A value with two or three significant digits."""
    if value == int(value) or value >= 100:
        return f"{value:.0f}"
    return f"{value:.2f}" if value < 1 else f"{value:.1f}"


def table(measured: Iterable[Figure]) -> Table:
    """The figures that were measured, as a table that is valid Markdown."""
    result = Table(box=box.MARKDOWN)
    for column in ["figure", "median", "range", "limit", "of limit"]:
        result.add_column(column, no_wrap=True)
    for figure in measured:
        if figure.points:
            result.add_row(*figure.row())
    return result


def warn_of_noise(console: Console, foreign: float, effect: str) -> None:
    """Print a warning if other programs used more of the processors than a measurement tolerates."""
    if foreign > QUIET:
        console.print(f"Other programs used up to {foreign:.0%} of the processors, so {effect}.")
