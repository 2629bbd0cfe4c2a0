"""Measure what logging and metrics cost: a complete pod beside one without them."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.status import Status

from bench import figures, observe_results, processes
from bench.contenders import LIST, POD
from bench.figures import Figure
from bench.load import LoadTest
from bench.observe_results import Pair, Turn
from bench.sandbox import Sandbox, opened
from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.pod import state
from tasklib.status import prometheus

# Both pods are measured in turns, since the machine changes within a minute, and after several starts of their servers,
# since two starts of the same server are up to 15 % apart.
ROUNDS, TURNS = 4, 3
WARM_UP_SECONDS, SECONDS = 1, 3
STOP_SECONDS, SCRAPE_SECONDS = 30, 30.0
ADDRESSES = 10_000
PORT_OFFSET = 3000  # of the second pod, from the first
console = Console(highlight=False, width=120)


class Edit(NamedTuple):
    """A replacement in a file of the copy that removes a feature."""

    file: str
    old: str
    new: str = ""


@dataclass(frozen=True)
class Setup:
    """The pod without some of its logging and metrics."""

    name: str
    edits: tuple[Edit, ...] = ()
    stopped: tuple[str, ...] = ()  # containers


SETTINGS = "services/server/src/config/settings.py"
LINES = (Edit("services/server/nginx/sites.conf", "access_log /dev/stdout json;", "access_log off;"),)
METRICS = (
    Edit(SETTINGS, '"runtime.metrics.count_requests",'),
    Edit(SETTINGS, '"runtime.metrics.CountViews",'),
    Edit("services/server/src/runtime/postgresql/base.py", "django_prometheus.db", "django.db"),
)
NOTHING = Setup("all of it", (*LINES, *METRICS), ("log", "metrics"))
SETUPS = [
    Setup("the lines of requests", LINES),
    Setup("the metrics of requests and statements", METRICS),
    Setup("the container log", stopped=("log",)),
    Setup("the container metrics", stopped=("metrics",)),
    NOTHING,
]


def measure(sandbox: Sandbox, status: Status) -> None:
    """Run each setup beside the complete pod, send requests to both in turns, and print the tables. Raises Exit."""
    status.update("bench: building the pod")
    sandbox.start()
    complete = LoadTest(sandbox)
    counting: float = complete.program("middleware")["runtime.metrics"]
    sandbox.seconds("up")
    others = [memory(sandbox, "log"), memory(sandbox, "metrics"), lines(complete), series(complete, sandbox)]
    shell.output(podman.stop(complete.server, STOP_SECONDS))
    measured: dict[str, list[Pair]] = {}
    with opened(sandbox.project, "without", PORT_OFFSET) as second:
        status.update("bench: building the other pod")
        second.start()
        reduced = LoadTest(second)
        for setup in SETUPS:
            status.update(f"bench: without {setup.name}")
            start(second, setup, sandbox.folder)
            measured[setup.name] = [pair for _ in range(ROUNDS) for pair in turns(complete, reduced)]
    console.print(observe_results.table(measured))
    console.print(figures.table([*costs(measured[NOTHING.name], counting), *others]))
    noise = max(turn.foreign for pairs in measured.values() for pair in pairs for turn in pair)
    figures.warn_of_noise(console, noise, "no ratio is exact")


def start(sandbox: Sandbox, setup: Setup, originals: Path) -> None:
    """Start a pod with a setup, except its server, from edited files of `originals`. Raises ValueError and Exit."""
    for file in {edit.file for every in SETUPS for edit in every.edits}:
        edits = [edit for edit in setup.edits if edit.file == file]
        Path(sandbox.folder, file).write_text(edited(Path(originals, file).read_text(), edits))
    sandbox.seconds("build", "--no-tests")
    sandbox.seconds("up")
    for name in (*setup.stopped, "server"):
        shell.output(podman.stop(sandbox.project.container(name), STOP_SECONDS))


def edited(text: str, edits: list[Edit]) -> str:
    """The text with every edit applied. Raises ValueError if the old text of one does not occur exactly once."""
    for edit in edits:
        if text.count(edit.old) != 1:
            raise ValueError(f"{edit.file} does not have exactly one {edit.old!r}")
        text = text.replace(edit.old, edit.new)
    return text


def turns(complete: LoadTest, reduced: LoadTest) -> list[Pair]:
    """Start both servers, and measure them in turns, each as often first."""
    with complete.running(POD), reduced.running(POD):
        for test in (complete, reduced):
            test.client(LIST, WARM_UP_SECONDS)
        pairs = []
        for number in range(TURNS):
            order = (complete, reduced) if number % 2 else (reduced, complete)
            by_test = {test: turn(test) for test in order}
            pairs.append((by_test[complete], by_test[reduced]))
        return pairs


def turn(test: LoadTest) -> Turn:
    """Request the list for some seconds."""
    first_processes = shell.output(podman.processes(test.project.name)).split()
    meter, observers = processes.Meter(pod=[int(pid) for pid in first_processes]), observing_processes(test.project)
    before = processes.cpu(observers)
    report = test.client(LIST, SECONDS)
    used, observing = meter.used()["pod"], processes.cpu(observers) - before
    foreign, count = meter.foreign(used + report["cpu"]), report["requests"]
    return Turn(count / report["seconds"], report["p99"], used / count * 1e6, observing / count * 1e6, foreign)


def observing_processes(project: Project) -> set[int]:
    """The ids on this machine of the processes that only observe: the first of each container, Podman's monitor of it,
    and all of log and metrics."""
    containers = state.state(project).items()
    states = {service: container["State"] for service, container in containers if container["State"]["Running"]}
    trees = [processes.tree(states[service]["Pid"]) for service in ("log", "metrics") if service in states]
    return {pid for container in states.values() for pid in (container["Pid"], container["ConmonPid"])}.union(*trees)


def costs(pairs: list[Pair], counting: float) -> list[Figure]:
    """The cost of observability in requests and CPU time, by the difference of two pods; and what can be seen in one
    pod: its observing processes, and the middleware, which takes `counting` microseconds."""
    requests = [100 * (1 - complete.rate / reduced.rate) for complete, reduced in pairs]
    observers = [100 * complete.observing / complete.cpu for complete, _ in pairs]
    middleware = [100 * counting / complete.cpu for complete, _ in pairs]
    return [
        Figure("requests per second that all of it costs", "%", 10, requests),
        Figure("CPU time that all of it costs", "%", 10, [observe_results.saved(pair) for pair in pairs]),
        Figure("CPU time of the processes that only observe", "%", None, observers),
        Figure("CPU time of the middleware that counts", "%", None, middleware),
    ]


def memory(sandbox: Sandbox, name: str) -> Figure:
    """The memory of an idle container."""
    first = int(shell.output(podman.first_process(sandbox.project.container(name))))
    return Figure(f"memory of container {name}, idle", "MB", 100, [processes.memory(processes.tree(first))])


def lines(test: LoadTest) -> Figure:
    """The lines per second that the log stores on its one core without dropping any."""
    rates = [test.program("lines") for _ in range(ROUNDS)]
    return Figure("lines that the log stores, none dropped", "1/s", None, rates)


def series(test: LoadTest, sandbox: Sandbox) -> Figure:
    """The number of series that a scan of random addresses, methods and hosts adds to the server's metrics."""
    counts = []
    for addresses in (ADDRESSES // 100, ADDRESSES):
        end = test.program("scan", str(addresses))
        counts.append(after(sandbox.project.url("metrics"), end))
    return Figure(f"series that a scan of {ADDRESSES} addresses adds", "", 0, [counts[1] - counts[0]])


def after(url: str, moment: float) -> float:
    """The number of the server's series at the first scrape after a moment, given by time.time."""
    queries = {"moment": 'timestamp(up{job="server"})', "series": 'count({job="server"})'}
    processes.moment(lambda: prometheus.numbers(url, queries)["moment"] > moment, "a scrape", SCRAPE_SECONDS)
    return prometheus.numbers(url, queries)["series"]
