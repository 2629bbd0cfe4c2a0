"""Two pods that were asked in turns, and what one takes more than the other. Pure."""

import statistics
from collections.abc import Iterable
from typing import NamedTuple

from rich import box
from rich.table import Table

from bench.figures import number


class Sample(NamedTuple):
    """One run: requests in a second, milliseconds within which 99 of 100 came, CPU microseconds of a request, those of
    the whole pod and those of the processes that only watch, and the part of the processors that others used."""

    rate: float
    p99: float
    cpu: float
    watching: float = 0
    foreign: float = 0


Pair = tuple[Sample, Sample]  # of the pod as it is, and of the one without


def saved(pair: Pair) -> float:
    """How much less CPU time a request takes without, in per cent."""
    return 100 * (1 - pair[1].cpu / pair[0].cpu)


def table(found: dict[str, list[Pair]]) -> Table:
    """What each setup saves, by medians, with the range of the middle half; the table is Markdown as well."""
    result = Table(box=box.MARKDOWN)
    for column in ["without", "requests/s", "p99 ms", "CPU us", "CPU saved", "half of all"]:
        result.add_column(column, no_wrap=True)
    for name, pairs in found.items():
        cells = [compared([getattr(one, field) for one in pair] for pair in pairs) for field in ("rate", "p99", "cpu")]
        low, median, high = statistics.quantiles(map(saved, pairs), n=4)
        result.add_row(name, *cells, f"{median:.1f} %", f"{low:.1f} to {high:.1f}")
    return result


def compared(values: Iterable[list[float]]) -> str:
    """The medians of the pod as it is and of the one without."""
    return " : ".join(number(statistics.median(column)) for column in zip(*values, strict=True))
