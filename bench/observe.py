"""What it costs to watch the service: the benchmark's part `observe`."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.status import Status

from bench import figures, load, observe_results, processes
from bench.contenders import LIST, POD
from bench.figures import Figure
from bench.observe_results import Pair, Sample
from bench.sandbox import Sandbox, opened
from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.pod import state
from tasklib.status import prometheus

# Requests of one moment are compared, in turns, since the machine is another within a minute; and of many starts of the
# servers, since two starts of the same one are up to 15 % apart.
ROUNDS, TURNS = 4, 3
WARM_UP_SECONDS, SECONDS = 1, 3
STOP_SECONDS, SCRAPE_SECONDS = 30, 30.0
ADDRESSES = 10_000
PORT_OFFSET = 3000  # of the second pod, from the first
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
LINES = (Edit("services/server/nginx/sites.conf", "access_log /dev/stdout json;", "access_log off;"),)
NUMBERS = (
    Edit(SETTINGS, '"runtime.metrics.count_requests",'),
    Edit(SETTINGS, '"runtime.metrics.CountViews",'),
    Edit("services/server/src/runtime/postgresql/base.py", "django_prometheus.db", "django.db"),
)
NOTHING = Setup("all of it", (*LINES, *NUMBERS), ("log", "metrics"))
SETUPS = [
    Setup("the lines of requests", LINES),
    Setup("the numbers of requests and statements", NUMBERS),
    Setup("the container log", stopped=("log",)),
    Setup("the container metrics", stopped=("metrics",)),
    NOTHING,
]


def measure(sandbox: Sandbox, status: Status) -> None:
    """Run each setup beside the pod as it is, ask both in turns, and print the tables. Raises Exit."""
    status.update("bench: building the pod")
    sandbox.start()
    whole = load.Load(sandbox)
    counting: float = whole.program("python3", "-m", "bench.programs.middleware")["runtime.metrics"]
    sandbox.seconds("up")
    alone = [memory(sandbox, "log"), memory(sandbox, "metrics"), lines(whole), series(whole, sandbox)]
    shell.output(podman.stop(whole.server, STOP_SECONDS))
    found: dict[str, list[Pair]] = {}
    with opened(sandbox.project, "without", PORT_OFFSET) as second:
        status.update("bench: building the other pod")
        second.start()
        without = load.Load(second)
        for setup in SETUPS:
            status.update(f"bench: without {setup.name}")
            start(second, setup, sandbox.folder)
            found[setup.name] = [pair for _ in range(ROUNDS) for pair in turns(whole, without)]
    console.print(observe_results.table(found))
    console.print(figures.table([*shares(found[NOTHING.name], counting), *alone]))
    noise = max(sample.foreign for every in found.values() for pair in every for sample in pair)
    if noise > processes.QUIET:
        console.print(f"Other programs used up to {noise:.0%} of the processors, so no ratio is exact.")


def start(sandbox: Sandbox, setup: Setup, whole: Path) -> None:
    """Start a pod so, but for its server; in `whole` every file is as it should be. Raises as `edited`, and Exit."""
    for file in {edit.file for every in SETUPS for edit in every.edits}:
        edits = [edit for edit in setup.edits if edit.file == file]
        Path(sandbox.folder, file).write_text(edited(Path(whole, file).read_text(), edits))
    sandbox.seconds("build", "--no-tests")
    sandbox.seconds("up")
    for name in (*setup.stopped, "server"):
        shell.output(podman.stop(sandbox.project.container(name), STOP_SECONDS))


def edited(text: str, edits: list[Edit]) -> str:
    """The text with every edit. Raises ValueError where one does not fit exactly once."""
    for edit in edits:
        if text.count(edit.old) != 1:
            raise ValueError(f"{edit.file} has not exactly one {edit.old!r}")
        text = text.replace(edit.old, edit.new)
    return text


def turns(whole: load.Load, without: load.Load) -> list[Pair]:
    """Start both servers, and ask them in turns, each as often first."""
    with whole.running(POD), without.running(POD):
        for one in (whole, without):
            one.client(LIST, WARM_UP_SECONDS)
        found = []
        for number in range(TURNS):
            samples = {one: point(one) for one in ((whole, without) if number % 2 else (without, whole))}
            found.append((samples[whole], samples[without]))
        return found


def point(asked: load.Load) -> Sample:
    """Ask for the list for some seconds."""
    first_ones = shell.output(podman.processes(asked.project.name)).split()
    meter, watchers = processes.Meter(pod=[int(pid) for pid in first_ones]), watching_processes(asked.project)
    before = processes.cpu(watchers)
    report = asked.client(LIST, SECONDS)
    used, watching = meter.used()["pod"], processes.cpu(watchers) - before
    foreign, count = meter.foreign(used + report["cpu"]), report["requests"]
    return Sample(count / report["seconds"], report["p99"], used / count * 1e6, watching / count * 1e6, foreign)


def watching_processes(project: Project) -> set[int]:
    """The ids, as this machine numbers them, of the processes that do nothing but watch: the first of each container,
    Podman's monitor of it, and all of log and metrics."""
    states = {service: one["State"] for service, one in state.state(project).items() if one["State"]["Running"]}
    trees = [processes.tree(states[service]["Pid"]) for service in ("log", "metrics") if service in states]
    return {pid for one in states.values() for pid in (one["Pid"], one["ConmonPid"])}.union(*trees)


def shares(found: list[Pair], counting: float) -> list[Figure]:
    """What watching takes of the requests and of the processors; of that, what is known of one pod: the processes that
    only watch, and the middleware with so many microseconds."""
    requests = [100 * (1 - one.rate / other.rate) for one, other in found]
    watchers = [100 * one.watching / one.cpu for one, _ in found]
    middleware = [100 * counting / one.cpu for one, _ in found]
    return [
        Figure("requests that all of it takes", "%", 10, requests),
        Figure("CPU time, likewise", "%", 10, [observe_results.saved(pair) for pair in found]),
        Figure("CPU time of the processes that only watch", "%", None, watchers),
        Figure("CPU time of the middleware that counts", "%", None, middleware),
    ]


def memory(sandbox: Sandbox, name: str) -> Figure:
    """The memory of a container that has nothing to do."""
    first = int(shell.output(podman.first_process(sandbox.project.container(name))))
    return Figure(f"memory of container {name}, idle", "MB", 100, [processes.memory(processes.tree(first))])


def lines(client: load.Load) -> Figure:
    """How many lines in a second the log stores on its one core; none is dropped."""
    found = [client.program("python3", "-m", "bench.programs.lines") for _ in range(ROUNDS)]
    return Figure("lines that the log stores, none dropped", "1/s", None, found)


def series(client: load.Load, sandbox: Sandbox) -> Figure:
    """How many series of the server a scan of random addresses, methods and hosts adds."""
    counts = []
    for addresses in (ADDRESSES // 100, ADDRESSES):
        end = client.program("python3", "-m", "bench.programs.scan", str(addresses))
        counts.append(after(sandbox.project.url("metrics"), end))
    return Figure(f"series that a scan of {ADDRESSES} addresses adds", "", 0, [counts[1] - counts[0]])


def after(url: str, moment: float) -> float:
    """The series of the server as the first scrape after a moment, a time of time.time, has found them."""
    queries = {"moment": 'timestamp(up{job="server"})', "series": 'count({job="server"})'}
    processes.moment(lambda: prometheus.numbers(url, queries)["moment"] > moment, "a scrape", SCRAPE_SECONDS)
    return prometheus.numbers(url, queries)["series"]
