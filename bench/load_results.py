"""The results of `bench.load`: medians and ratios of its points, and their table. Pure."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from rich import box
from rich.table import Table

from bench.contenders import Contender, Request, reference
from bench.figures import number

Key = tuple[Contender, Request]
COLUMNS = ["request", "answered by", "requests/s", "range", "p99 ms", "p99/p50", "CPU us", "of it db",
           "of control", "by CPU", "target"]  # fmt: skip


@dataclass(frozen=True)
class LoadRun:
    """One run: requests per second, latency in milliseconds, CPU microseconds of server and db per request."""

    rate: float
    p50: float
    p99: float
    server: float
    db: float


def load_run(report: Mapping[str, float], server: float, db: float) -> LoadRun | None:
    """A run from the report of wrk and the CPU seconds of two containers; None if any response was an error."""
    requests = report["requests"]
    if report["errors"] or not requests:
        return None
    each = 1e6 / requests
    return LoadRun(requests / report["seconds"], report["p50"], report["p99"], server * each, db * each)


def median(runs: list[LoadRun], field: str) -> float:
    value: float = statistics.median(getattr(run, field) for run in runs)
    return value


def cpu(runs: list[LoadRun]) -> float:
    """The median CPU time of a request, of both containers together."""
    return statistics.median(run.server + run.db for run in runs)


def row(runs: list[LoadRun], control: list[LoadRun], by_cpu: bool, target: float | None) -> list[str]:
    """The cells of a point, without its names; the target is for the ratio of CPU times, else of requests."""
    rates = [run.rate for run in runs]
    tail = statistics.median(run.p99 / run.p50 for run in runs)
    return [
        *(number(statistics.median(rates)), f"{number(min(rates))} to {number(max(rates))}"),
        *(number(median(runs, "p99")), f"{tail:.1f}", f"{cpu(runs):.0f}", f"{median(runs, 'db'):.0f}"),
        *(ratios(runs, control, by_cpu, target) if control else ["", "", ""]),
    ]


def ratios(runs: list[LoadRun], control: list[LoadRun], by_cpu: bool, target: float | None) -> list[str]:
    """The ratio of requests, that of CPU times, and the target, with a note when it is missed."""
    rate, time = median(runs, "rate") / median(control, "rate"), cpu(control) / cpu(runs)
    verdict = "" if target is None else f"{target:.2f}{', missed' if (time if by_cpu else rate) < target else ''}"
    return [f"{rate:.2f}", f"{time:.2f}" if by_cpu else "", verdict]


def table(measured: Mapping[Key, list[LoadRun]], targets: Mapping[Key, float]) -> Table:
    """The measured points and their ratios, as a table that is valid Markdown."""
    result = Table(box=box.MARKDOWN)
    for column in COLUMNS:
        result.add_column(column, no_wrap=True)
    for (contender, request), runs in measured.items():
        if runs:
            name = f"{request.name}, published" if request.published else request.name
            control, target = measured.get(reference(contender, request), []), targets.get((contender, request))
            result.add_row(name, contender.name, *row(runs, control, not request.published, target))
    return result
