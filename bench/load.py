"""Compare the pod with other servers of the same application: requests per second, latency, CPU time."""

import json
import random
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from invoke import Exit
from rich.console import Console
from rich.status import Status

from bench import contenders, figures, load_results, processes
from bench.contenders import CREATE, DETAIL, EMPTY, LIST, POD, POINTS, PORT, TARGETS, Contender, Request
from bench.load_results import LoadRun
from bench.sandbox import BENCH, Sandbox
from tasklib.core import local_http, podman, shell
from tasklib.core.local_http import answer
from tasklib.pod import manage

ROUNDS, SEED = 3, 1
WARM_UP_SECONDS, SECONDS = 1, 3
TRIES = 2  # how often a point is measured at most, while other programs use too much of the processors
STOP_SECONDS = 30
MIDDLEWARE_MICROSECONDS = 120  # all of it together
ROWS = """
    INSERT INTO bench_message_message (author_id, text, timestamp)
    SELECT users_user.id, left(repeat(md5(n::text), 5), 140), timestamptz '2026-01-01' + n * interval '1 second'
    FROM users_user, generate_series(1, 10000) AS n WHERE username = 'bench'
"""
FILL = [
    "TRUNCATE bench_message_message RESTART IDENTITY CASCADE",
    ROWS,
    "VACUUM ANALYZE bench_message_message",
    "CHECKPOINT",
]
PYTHON = ("python3", "-m")
console = Console(highlight=False, width=160)


def measure(sandbox: Sandbox, status: Status) -> None:
    """Measure every point ROUNDS times, in a shuffled order, and print the tables. Raises Exit."""
    status.update("bench: building the other servers")
    sandbox.start()
    test = LoadTest(sandbox)
    measured: dict[load_results.Key, list[LoadRun]] = {point: [] for point in POINTS}
    points, noise, order = POINTS * ROUNDS, 0.0, random.Random(SEED)  # noqa: S311
    order.shuffle(points)
    for number, (contender, request) in enumerate(points, 1):
        status.update(f"bench: point {number} of {len(points)}: {request.name} by {contender.name}")
        run, foreign = test.point(contender, request)
        measured[contender, request] += [run] if run else []
        noise = max(noise, foreign)
    console.print(load_results.table(measured, TARGETS))
    console.print(figures.table(test.middleware()))
    if void := len(points) - sum(map(len, measured.values())):
        console.print(f"{void} of {len(points)} points are left out: not every response was 2xx.")
    figures.warn_of_noise(console, noise, "no ratio is exact")


class LoadTest:
    """The measurements in one sandbox; its pod runs, its server only while it is under load."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.project = sandbox, sandbox.project
        self.image = self.project.image(BENCH.name)
        self.options = contenders.options(self.project.manifest)
        self.server, self.rival = self.project.container("server"), self.project.container("rival")
        self.authorization = f"Bearer {self.token()}"
        self.fill()
        self.expected = {request: self.answer(request) for request in (LIST, DETAIL, CREATE, EMPTY)}
        self.sql = self.capture()
        self.fill()
        shell.output(podman.stop(self.server, STOP_SECONDS))

    def token(self) -> str:
        """Create the author of all messages; return a token, which is worthless once the pod is gone."""
        words = ["manage.py", "create_token", "bench", "--new"]
        options = manage.manage_options(self.project)
        return shell.output(podman.run(self.project.image("server"), *words, options=options)).strip()

    def fill(self) -> None:
        """Reset the table to its first state."""
        commands = [word for statement in FILL for word in ("--command", statement)]
        shell.output(podman.execute(self.project.container("db"), "psql", "--dbname=service", "--quiet", *commands))

    def program(self, name: str, *words: str) -> Any:
        """Run one of bench/programs in the bench image; return its output, parsed."""
        command = (*PYTHON, f"bench.programs.{name}", *words)
        return json.loads(shell.output(podman.run(self.image, *command, options=self.options)))

    def capture(self) -> str:
        """The SQL that Django sends for each request, for the control."""
        requests = {
            request.name: (request.method, request.path, request.body, self.authorization if request.body else "")
            for request in (LIST, DETAIL, CREATE)
        }
        return json.dumps(self.program("capture", json.dumps(requests)))

    def middleware(self) -> list[figures.Figure]:
        """The CPU time of each middleware."""
        runs = [self.program("middleware") for _ in range(ROUNDS)]
        limits = {"all": MIDDLEWARE_MICROSECONDS}
        return [figures.Figure(name, "us", limits.get(name), [run[name] for run in runs]) for name in runs[0]]

    def answer(self, request: Request) -> Any:
        """Send a request to the running contender; return its answer, parsed."""
        message = urllib.request.Request(
            self.sandbox.url(request.path),
            request.body.encode() or None,
            {"Content-Type": "application/json", **({"Authorization": self.authorization} if request.body else {})},
        )
        with local_http.opener.open(message, timeout=5) as response:
            return json.load(response)

    def point(self, contender: Contender, request: Request) -> tuple[LoadRun | None, float]:
        """Measure one point, again if other programs disturbed it. Raises Exit if the answer is not the pod's."""
        with self.running(contender) as first_process:
            inside = contenders.inside(request)
            if not contenders.is_equal(contender, inside, self.answer(inside), self.expected[inside]):
                raise Exit(f"{contender.name} and the pod answer {request.path} differently - compare: bench/programs")
            tries = [self.run(request, first_process)]
            while tries[-1][1] > processes.QUIET and len(tries) < TRIES:
                tries.append(self.run(request, first_process))
        if request == CREATE:
            self.fill()
        return min(tries, key=lambda attempt: attempt[1])

    @contextmanager
    def running(self, contender: Contender) -> Iterator[int]:
        """Run a contender on the pod's port, and yield its first process; stop it at the end."""
        variables = ["--env", f"MODULE={contender.module}", "--env", f"SQL={self.sql}"]
        options = ["--detach", "--name", self.rival, *self.options, *variables]
        name = self.server if contender == POD else self.rival
        start = podman.start(name) if contender == POD else podman.run(self.image, *contender.command, options=options)
        try:
            shell.output(start)
            processes.moment(lambda: bool(answer(self.sandbox.url(LIST.path), 1)), f"an answer of {contender.name}")
            yield int(shell.output(podman.first_process(name)))
        finally:
            shell.capture(podman.stop(name, STOP_SECONDS) if contender == POD else podman.rm(name))

    def run(self, request: Request, server: int) -> tuple[LoadRun | None, float]:
        """Send requests for some seconds; return the run, and the fraction of the processors that others used."""
        self.client(request, WARM_UP_SECONDS)
        db = int(shell.output(podman.first_process(self.project.container("db"))))
        pod = [int(pid) for pid in shell.output(podman.processes(self.project.name)).split()]
        meter = processes.Meter(server=[server], db=[db], pod=pod)
        report = self.client(request, SECONDS)
        used = meter.used()
        foreign = meter.foreign(used["pod"] + report["cpu"])
        return load_results.load_run(report, used["server"], used["db"]), foreign

    def client(self, request: Request, seconds: int) -> dict[str, float]:
        """Send requests for some seconds; return the report of wrk: bench/programs/wrk.lua."""
        url = self.sandbox.url("") if request.published else f"http://127.0.0.1:{PORT}"
        options = ["--network", "host"] if request.published else ["--pod", self.project.name]
        options += contenders.variables(request, self.authorization)
        words = contenders.wrk(f"{url}{request.path}", seconds)
        printed = shell.output(podman.run(self.image, *words, options=options))
        report: dict[str, float] = json.loads(printed.splitlines()[-1])
        return report
