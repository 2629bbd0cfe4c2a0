"""What the points of the part `load` come to, and the table that shows it. Pure."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from rich import box
from rich.table import Table

from bench.contenders import Contender, Question, reference
from bench.figures import number

Key = tuple[Contender, Question]
COLUMNS = ["request", "answered by", "requests/s", "range", "p99 ms", "p99/p50", "CPU us", "of it db",
           "of control", "by CPU", "target"]  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """One run: requests in a second, milliseconds within which 50 and 99 of 100 came, CPU microseconds for each."""

    rate: float
    p50: float
    p99: float
    server: float
    db: float


def sample(counted: Mapping[str, float], server: float, db: float) -> Sample | None:
    """What wrk has counted beside the CPU seconds of the two containers; None where any answer was an error."""
    requests = counted["requests"]
    if counted["errors"] or not requests:
        return None
    each = 1e6 / requests
    return Sample(requests / counted["seconds"], counted["p50"], counted["p99"], server * each, db * each)


def median(samples: list[Sample], field: str) -> float:
    value: float = statistics.median(getattr(one, field) for one in samples)
    return value


def cpu(samples: list[Sample]) -> float:
    """The CPU time of a request in both containers."""
    return statistics.median(one.server + one.db for one in samples)


def row(samples: list[Sample], control: list[Sample], by_cpu: bool, target: float | None) -> list[str]:
    """The cells behind the names; a target is for the ratio by CPU time, which other programs touch less, or else by
    requests."""
    rates = [one.rate for one in samples]
    tail = statistics.median(one.p99 / one.p50 for one in samples)
    return [
        *(number(statistics.median(rates)), f"{number(min(rates))} to {number(max(rates))}"),
        *(number(median(samples, "p99")), f"{tail:.1f}", f"{cpu(samples):.0f}", f"{median(samples, 'db'):.0f}"),
        *(ratios(samples, control, by_cpu, target) if control else ["", "", ""]),
    ]


def ratios(samples: list[Sample], control: list[Sample], by_cpu: bool, target: float | None) -> list[str]:
    """By requests, by CPU time, and what one of them has to reach, in words where it does not."""
    rate, time = median(samples, "rate") / median(control, "rate"), cpu(control) / cpu(samples)
    goal = "" if target is None else f"{target:.2f}{', missed' if (time if by_cpu else rate) < target else ''}"
    return [f"{rate:.2f}", f"{time:.2f}" if by_cpu else "", goal]


def table(found: Mapping[Key, list[Sample]], targets: Mapping[Key, float]) -> Table:
    """The points that were measured beside what they are compared with; the table is Markdown as well."""
    result = Table(box=box.MARKDOWN)
    for column in COLUMNS:
        result.add_column(column, no_wrap=True)
    for (contender, question), samples in found.items():
        if samples:
            name = f"{question.name}, published" if question.published else question.name
            control, target = found.get(reference(contender, question), []), targets.get((contender, question))
            result.add_row(name, contender.name, *row(samples, control, not question.published, target))
    return result
