"""How many requests the pod answers beside its rivals, and the CPU time of each: the benchmark's part `load`."""

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
from bench.contenders import CREATE, DETAIL, EMPTY, LIST, POD, POINTS, PORT, TARGETS, Contender, Question
from bench.sandbox import Sandbox
from tasklib.core import local_http, podman, shell
from tasklib.core.local_http import answer
from tasklib.core.project import BENCH
from tasklib.pod import manage

ROUNDS, SEED = 3, 1
WARM_UP_SECONDS, SECONDS = 1, 3
TRIES = 2  # a point during which others used too much of the processors is measured again, so often at most
STOP_SECONDS = 30
MIDDLEWARE_MICROSECONDS = 120  # all of it together
ROWS = """
    INSERT INTO tweet_tweet (author_id, text, timestamp)
    SELECT users_user.id, left(repeat(md5(n::text), 5), 140), timestamptz '2026-01-01' + n * interval '1 second'
    FROM users_user, generate_series(1, 10000) AS n WHERE username = 'bench'
"""
TABLE = ["TRUNCATE tweet_tweet RESTART IDENTITY CASCADE", ROWS, "VACUUM ANALYZE tweet_tweet", "CHECKPOINT"]
console = Console(highlight=False, width=150)


def measure(sandbox: Sandbox, status: Status) -> None:
    """Measure every point so many times, in a shuffled order, and print the tables. Raises Exit."""
    status.update("bench: building the rivals")
    sandbox.start()
    load = Load(sandbox)
    found: dict[load_results.Key, list[load_results.Sample]] = {point: [] for point in POINTS}
    points, noise, order = POINTS * ROUNDS, 0.0, random.Random(SEED)  # noqa: S311
    order.shuffle(points)
    for number, (contender, question) in enumerate(points, 1):
        status.update(f"bench: point {number} of {len(points)}: {question.name} by {contender.name}")
        sample, foreign = load.point(contender, question)
        found[contender, question] += [sample] if sample else []
        noise = max(noise, foreign)
    console.print(load_results.table(found, TARGETS))
    console.print(figures.table(load.middleware()))
    if void := len(points) - sum(map(len, found.values())):
        console.print(f"{void} of {len(points)} points are left out: not every request was answered by 2xx.")
    if noise > processes.QUIET:
        console.print(f"Other programs used up to {noise:.0%} of the processors, so no ratio is exact.")


class Load:
    """The measuring in one sandbox; its pod runs, the server in it only while it is asked."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.project = sandbox, sandbox.project
        self.image = self.project.image(BENCH)
        self.options = contenders.options(self.project.manifest)
        self.server, self.rival = self.project.container("server"), self.project.container("rival")
        self.authorization = f"Bearer {self.token()}"
        self.fill()
        self.expected = {question: self.answer(question) for question in (LIST, DETAIL, CREATE, EMPTY)}
        self.sql = self.capture()
        self.fill()
        shell.output(podman.stop(self.server, STOP_SECONDS))

    def token(self) -> str:
        """Make the author of all tweets; what proves to be it is worthless when the pod is gone."""
        words = ["manage.py", "create_token", "bench", "--new"]
        options = manage.manage_options(self.project)
        return shell.output(podman.run(self.project.image("server"), *words, options=options)).strip()

    def fill(self) -> None:
        """Give the table its first state."""
        commands = [word for statement in TABLE for word in ("--command", statement)]
        shell.output(podman.execute(self.project.container("db"), "psql", "--dbname=service", "--quiet", *commands))

    def program(self, *command: str) -> Any:
        """What a program of the bench image prints, parsed."""
        return json.loads(shell.output(podman.run(self.image, *command, options=self.options)))

    def capture(self) -> str:
        """The SQL that Django sends for each question, for the control."""
        requests = {
            one.name: (one.method, one.path, one.body, self.authorization if one.body else "")
            for one in (LIST, DETAIL, CREATE)
        }
        return json.dumps(self.program("python3", "-m", "bench.programs.capture", json.dumps(requests)))

    def middleware(self) -> list[figures.Figure]:
        """What each middleware costs."""
        runs = [self.program("python3", "-m", "bench.programs.middleware") for _ in range(ROUNDS)]
        limits = {"all": MIDDLEWARE_MICROSECONDS}
        return [figures.Figure(name, "us", limits.get(name), [run[name] for run in runs]) for name in runs[0]]

    def answer(self, question: Question) -> Any:
        """What whoever runs answers, parsed."""
        request = urllib.request.Request(
            self.sandbox.url(question.path),
            question.body.encode() or None,
            {"Content-Type": "application/json", **({"Authorization": self.authorization} if question.body else {})},
        )
        with local_http.opener.open(request, timeout=5) as response:
            return json.load(response)

    def point(self, contender: Contender, question: Question) -> tuple[load_results.Sample | None, float]:
        """Measure one point, again where others disturbed it. Raises Exit where the answer is not the pod's."""
        with self.running(contender) as first_process:
            asked = contenders.inside(question)
            if not contenders.agree(contender, asked, self.answer(asked), self.expected[asked]):
                raise Exit(f"{contender.name} answers {question.path} unlike the pod - compare them: services/bench")
            tries = [self.sample(question, first_process)]
            while tries[-1][1] > processes.QUIET and len(tries) < TRIES:
                tries.append(self.sample(question, first_process))
        if question == CREATE:
            self.fill()
        return min(tries, key=lambda sample: sample[1])

    @contextmanager
    def running(self, contender: Contender) -> Iterator[int]:
        """Give the first process of whoever answers on the pod's port; nobody does afterwards."""
        variables = ["--env", f"MODULE={contender.module}", "--env", f"SQL={self.sql}"]
        options = ["--detach", "--name", self.rival, *self.options, *variables]
        name = self.server if contender == POD else self.rival
        start = podman.start(name) if contender == POD else podman.run(self.image, *contender.command, options=options)
        try:
            shell.output(start)
            processes.moment(lambda: bool(answer(self.sandbox.url(LIST.path), 1)), f"an answer of {contender.name}")
            yield int(shell.output(podman.first_process(name)))
        finally:
            shell.ask(podman.stop(name, STOP_SECONDS) if contender == POD else podman.rm(name))

    def sample(self, question: Question, server: int) -> tuple[load_results.Sample | None, float]:
        """Ask for some seconds; return what was measured, and the part of the processors that others used."""
        self.client(question, WARM_UP_SECONDS)
        db = int(shell.output(podman.first_process(self.project.container("db"))))
        pod = [int(pid) for pid in shell.output(podman.processes(self.project.name)).split()]
        meter = processes.Meter(server=[server], db=[db], pod=pod)
        report = self.client(question, SECONDS)
        used = meter.used()
        foreign = meter.foreign(used["pod"] + report["cpu"])
        return load_results.sample(report, used["server"], used["db"]), foreign

    def client(self, question: Question, seconds: int) -> dict[str, float]:
        """What wrk has counted: bench/programs/wrk.lua."""
        url = self.sandbox.url("") if question.published else f"http://127.0.0.1:{PORT}"
        options = ["--network", "host"] if question.published else ["--pod", self.project.name]
        options += contenders.request(question, self.authorization)
        words = contenders.wrk(f"{url}{question.path}", seconds)
        printed = shell.output(podman.run(self.image, *words, options=options))
        report: dict[str, float] = json.loads(printed.splitlines()[-1])
        return report
