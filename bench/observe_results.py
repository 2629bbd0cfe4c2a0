"""The results of `bench.observe`: two pods under load in turns, and what one costs more than the other. Pure."""

import statistics
from collections.abc import Iterable
from typing import NamedTuple

from rich import box
from rich.table import Table

from bench.figures import number


class Turn(NamedTuple):
    """One run: requests per second, latency p99 in milliseconds, CPU microseconds per request of the whole pod and of
    the processes that only observe, and the fraction of the processors that other programs used."""

    rate: float
    p99: float
    cpu: float
    observing: float = 0
    foreign: float = 0


Pair = tuple[Turn, Turn]  # of the complete pod, and of the reduced one


def saved(pair: Pair) -> float:
    """The CPU time that a request saves in the reduced pod, in per cent."""
    return 100 * (1 - pair[1].cpu / pair[0].cpu)


def table(measured: dict[str, list[Pair]]) -> Table:
    """The savings of each setup: median and interquartile range, as a table that is valid Markdown."""
    result = Table(box=box.MARKDOWN)
    for column in ["without", "requests/s", "p99 ms", "CPU us", "CPU saved", "quartiles"]:
        result.add_column(column, no_wrap=True)
    for name, pairs in measured.items():
        cells = [medians([getattr(turn, field) for turn in pair] for pair in pairs) for field in ("rate", "p99", "cpu")]
        low, median, high = statistics.quantiles(map(saved, pairs), n=4)
        result.add_row(name, *cells, f"{median:.1f} %", f"{low:.1f} to {high:.1f}")
    return result


def medians(values: Iterable[list[float]]) -> str:
    """The medians of the complete and of the reduced pod."""
    return " : ".join(number(statistics.median(column)) for column in zip(*values, strict=True))
