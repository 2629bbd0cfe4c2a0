"""What it costs to watch the service: the benchmark's part `observe`."""

import random
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rich import box
from rich.console import Console
from rich.status import Status
from rich.table import Table

from tasklib import figures, load, podman, processes, prometheus, running, shell
from tasklib.contenders import LIST, POD
from tasklib.figures import Figure, number
from tasklib.project import BENCH
from tasklib.sandbox import Sandbox

# Each pod is measured more than once, each time with a server that has just started: two starts are up to 15 % apart.
ROUNDS, POINTS, SEED = 3, 3, 1
WARM_UP_SECONDS, SECONDS = 1, 4
STOP_SECONDS, SCRAPE_SECONDS = 30, 30.0
ADDRESSES = 10_000
console = Console(highlight=False, width=120)


class Edit(NamedTuple):
    """What takes a part away: a text of a file of the copy, and the text in its place."""

    file: str
    old: str
    new: str = ""


@dataclass(frozen=True)
class Setup:
    """The pod without some of what watches it."""

    name: str
    edits: tuple[Edit, ...] = ()
    stopped: tuple[str, ...] = ()  # containers


SETTINGS = "services/server/src/config/settings.py"
LINES = (Edit("services/server/sites.conf", "access_log /dev/stdout json;", "access_log off;"),)
NUMBERS = (
    Edit(SETTINGS, '"config.metrics.count_requests",'),
    Edit(SETTINGS, '"config.metrics.CountViews",'),
    Edit("services/server/src/config/postgresql/base.py", "django_prometheus.db", "django.db"),
)
WHOLE = Setup("whole, as `inv up` starts it")
NOTHING = Setup("without all of it", (*LINES, *NUMBERS), ("log", "metrics"))
SETUPS = [
    WHOLE,
    Setup("without lines of requests", LINES),
    Setup("without numbers of requests and statements", NUMBERS),
    Setup("without the container log", stopped=("log",)),
    Setup("without the container metrics", stopped=("metrics",)),
    NOTHING,
]


class Sample(NamedTuple):
    """One run: requests in a second, milliseconds within which 99 of 100 came, CPU microseconds of a request: those of
    the whole pod, and those of the processes that only watch."""

    rate: float
    p99: float
    cpu: float
    watching: float = 0


def measure(sandbox: Sandbox, status: Status) -> None:
    """Measure every setup so many times, in a shuffled order, and print the tables. Raises Exit."""
    status.update("bench: building the client")
    sandbox.seconds("build", "--no-tests")
    sandbox.seconds("build", BENCH)
    sandbox.seconds("up")
    client = load.Load(sandbox)
    counting: float = client.program("python3", "/srv/bench/middleware.py")["config.metrics"]
    sandbox.seconds("up")
    alone = [memory(sandbox, "log"), memory(sandbox, "metrics"), lines(client), series(client, sandbox)]
    found: dict[Setup, list[Sample]] = {setup: [] for setup in SETUPS}
    points, order = SETUPS * ROUNDS, random.Random(SEED)  # noqa: S311
    order.shuffle(points)
    noise = 0.0
    for count, setup in enumerate(points, 1):
        status.update(f"bench: point {count} of {len(points)}: {setup.name}")
        with started(sandbox, setup):
            for sample, foreign in [point(client) for _ in range(POINTS)]:
                found[setup].append(sample)
                noise = max(noise, foreign)
    console.print(table(found))
    console.print(figures.table([*shares(found, counting), *alone]))
    if noise > processes.QUIET:
        console.print(f"Other programs used up to {noise:.0%} of the processors, so no ratio is exact.")


@contextmanager
def started(sandbox: Sandbox, setup: Setup) -> Iterator[None]:
    """Run the pod so, without its server; the copy is as it was afterwards. Raises as `edited`, and Exit."""
    before = {edit.file: Path(sandbox.folder, edit.file).read_text() for edit in setup.edits}
    try:
        for file, text in before.items():
            edits = [edit for edit in setup.edits if edit.file == file]
            Path(sandbox.folder, file).write_text(edited(text, edits))
        sandbox.seconds("build", "--no-tests")
        sandbox.seconds("up")
    finally:
        for file, text in before.items():
            Path(sandbox.folder, file).write_text(text)
    for name in (*setup.stopped, "server"):
        shell.output(podman.stop(sandbox.project.container(name), STOP_SECONDS))
    yield


def edited(text: str, edits: list[Edit]) -> str:
    """The text with every edit. Raises ValueError where one does not fit exactly once."""
    for edit in edits:
        if text.count(edit.old) != 1:
            raise ValueError(f"{edit.file} has not exactly one {edit.old!r}")
        text = text.replace(edit.old, edit.new)
    return text


def point(client: load.Load) -> tuple[Sample, float]:
    """Ask a new server for the list; return what was measured, and the part of the processors that others used."""
    with client.running(POD):
        client.client(LIST, WARM_UP_SECONDS)
        first_ones = shell.output(podman.processes(client.project.name)).split()
        meter, others = processes.Meter(pod=[int(pid) for pid in first_ones]), running.watchers(client.project)
        before = processes.cpu(others)
        report = client.client(LIST, SECONDS)
        used, watching = meter.used()["pod"], processes.cpu(others) - before
    count = report["requests"]
    sample = Sample(count / report["seconds"], report["p99"], used / count * 1e6, watching / count * 1e6)
    return sample, meter.foreign(used + report["cpu"])


def median(samples: list[Sample], field: str) -> float:
    value: float = statistics.median(getattr(one, field) for one in samples)
    return value


def shares(found: dict[Setup, list[Sample]], counting: float) -> list[Figure]:
    """What watching takes of the requests and of the processors; of these, what is known of one pod: the processes that
    only watch, and the middleware with so many microseconds."""
    pairs = list(zip(found[WHOLE], found[NOTHING], strict=True))
    alone = [100 * one.watching / one.cpu for one in found[WHOLE]]
    return [
        Figure("requests that all of it takes", "%", 10, [100 * (1 - one.rate / other.rate) for one, other in pairs]),
        Figure("CPU time, likewise", "%", 10, [100 * (1 - other.cpu / one.cpu) for one, other in pairs]),
        Figure("CPU time of the processes that only watch", "%", None, alone),
        Figure("CPU time of the middleware that counts", "%", None, [100 * counting / median(found[WHOLE], "cpu")]),
    ]


def table(found: dict[Setup, list[Sample]]) -> Table:
    """The setups beside the one that nothing watches; the table is Markdown as well."""
    result = Table(box=box.MARKDOWN)
    for column in ["the pod", "requests/s", "range", "p99 ms", "CPU us", "of the last"]:
        result.add_column(column, no_wrap=True)
    for setup, samples in found.items():
        rates, ratio = [one.rate for one in samples], median(samples, "rate") / median(found[NOTHING], "rate")
        numbers = [number(statistics.median(rates)), f"{number(min(rates))} to {number(max(rates))}"]
        numbers += [number(median(samples, "p99")), f"{median(samples, 'cpu'):.0f}", f"{ratio:.2f}"]
        result.add_row(setup.name, *numbers)
    return result


def memory(sandbox: Sandbox, name: str) -> Figure:
    """The memory of a container that has nothing to do."""
    first = int(shell.output(podman.first_process(sandbox.project.container(name))))
    return Figure(f"memory of container {name}, idle", "MB", 100, [processes.memory(processes.tree(first))])


def lines(client: load.Load) -> Figure:
    """How many lines in a second the log stores on its one core; none is dropped."""
    found = [client.program("python3", "/srv/bench/lines.py") for _ in range(ROUNDS)]
    return Figure("lines that the log stores, none dropped", "1/s", None, found)


def series(client: load.Load, sandbox: Sandbox) -> Figure:
    """How many series of the server a scan of random addresses, methods and hosts adds."""
    counts = []
    for addresses in (ADDRESSES // 100, ADDRESSES):
        end = client.program("python3", "/srv/bench/scan.py", str(addresses))
        counts.append(after(sandbox.project.url("metrics"), end))
    return Figure(f"series that a scan of {ADDRESSES} addresses adds", "", 0, [counts[1] - counts[0]])


def after(url: str, moment: float) -> float:
    """The series of the server as the first scrape after a moment, a time of time.time, has found them."""
    queries = {"moment": 'timestamp(up{job="server"})', "series": 'count({job="server"})'}
    processes.moment(lambda: prometheus.numbers(url, queries)["moment"] > moment, "a scrape", SCRAPE_SECONDS)
    return prometheus.numbers(url, queries)["series"]
