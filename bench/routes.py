"""Measure what anonymous requests cost: every route with every verb, wanted type and kind of body."""

import http.client
import json
import statistics
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rich import box
from rich.console import Console
from rich.status import Status
from rich.table import Table

from bench import figures, processes
from bench.load import LoadTest
from bench.sandbox import RESOURCE, Sandbox
from tasklib.core import local_http, podman, shell

VERBS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
JSON, PAGE, FORM, PARTS = "application/json", "text/html", "application/x-www-form-urlencoded", "multipart/form-data"
BODY_BYTES = 1 << 20  # what nginx takes: services/server/nginx/clients.conf
FIELD = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
BODIES = {
    "": (JSON, ""),
    "JSON of many values": (JSON, f"[{'0,' * (BODY_BYTES // 2 - 2)}0]"),
    "JSON of one value": (JSON, f'{{"text": "{"é" * (BODY_BYTES // 2 - 10)}"}}'),
    "form of many fields": (FORM, "a=&" * (BODY_BYTES // 3)),
    "form of many parts": (f"{PARTS}; boundary=b", FIELD * (BODY_BYTES // len(FIELD) - 1) + "--b--\r\n"),
    "unknown type": ("application/x-other", "x" * BODY_BYTES),
}
# Checking a password is slow on purpose.
LOGINS = {("POST", "/token/"), ("POST", "/admin/login/")}
# Described or not.
FURTHER = ["/", "/docs/", "/admin/", "/admin/login/", "/static/", "/unknown/", "/healthcheck/"]
REQUESTS, SHOWN = 12, 15
console = Console(highlight=False, width=160)


@dataclass(frozen=True)
class Kind:
    """A request that anybody may send; `body` is a key of BODIES."""

    verb: str
    path: str
    wanted: str = JSON
    body: str = ""


@dataclass(frozen=True)
class Cost:
    """The highest status of the responses, and CPU microseconds of server and database for one request."""

    status: int
    cpu: float


# The largest page of JSON: no anonymous request but a login may cost more.
LIMIT = Kind("GET", f"{RESOURCE}?limit=200")


def measure(sandbox: Sandbox, status: Status) -> None:
    """Send each kind of request in turn, and print the dearest ones. Raises Exit."""
    status.update("bench: starting the pod")
    sandbox.start()
    test = LoadTest(sandbox)  # fills the table, and stops the server
    shell.output(podman.start(test.server))
    url = sandbox.url("/healthcheck/")
    processes.moment(lambda: bool(local_http.answer(url, 1)), "an answer")
    probe, costs = Probe(sandbox), {}
    for kind in [LIMIT, *kinds(probe.description())]:
        status.update(f"bench: {kind.verb} {kind.path} {kind.body}")
        costs[kind] = probe.cost(kind)
    console.print(table(costs))


def kinds(description: dict[str, Any]) -> Iterator[Kind]:
    """Every kind of request for the paths of an OpenAPI description, and for those beside it; logins are left out."""
    for path in dict.fromkeys([*(path.replace("{id}", "1") for path in description["paths"]), *FURTHER]):
        for verb in VERBS:
            if (verb, path) not in LOGINS:
                yield from (Kind(verb, path, wanted, body) for wanted in (JSON, PAGE) for body in BODIES)


class Probe:
    """A client of one pod that reads the CPU time of its server and database."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.address = urlsplit(sandbox.url("")).netloc
        parts = [shell.output(podman.first_process(sandbox.project.container(name))) for name in ("server", "db")]
        self.pids = [pid for first in parts for pid in processes.tree(int(first))]

    def description(self) -> Any:
        return json.loads(self.send(Kind("GET", "/schema/"))[1])

    def send(self, kind: Kind) -> tuple[int, bytes]:
        """The status and the body of the response."""
        content_type, body = BODIES[kind.body]
        connection = http.client.HTTPConnection(self.address, timeout=30)
        headers = {"Accept": kind.wanted, **({"Content-Type": content_type} if body else {})}
        with suppress(BrokenPipeError):  # refused before all of the body was sent
            connection.request(kind.verb, kind.path, body.encode() or None, headers)
        response = connection.getresponse()
        try:
            return response.status, response.read()
        finally:
            connection.close()

    def cost(self, kind: Kind) -> Cost:
        """The median of several requests, so that what the pod does beside them is left out."""
        statuses, seconds = [], []
        for _ in range(REQUESTS):
            before = processes.cpu(self.pids)
            statuses.append(self.send(kind)[0])
            seconds.append(processes.cpu(self.pids) - before)
        return Cost(max(statuses), statistics.median(seconds) * 1e6)


def table(costs: dict[Kind, Cost]) -> Table:
    """The limit, and the kinds that cost most, as a table that is valid Markdown."""
    result = Table(box=box.MARKDOWN)
    for column in ["request", "wanted", "body of 1 MiB", "status", "CPU us", "of limit"]:
        result.add_column(column, no_wrap=True)
    dearest = sorted(costs.items(), key=lambda item: -item[1].cpu)[:SHOWN]
    for kind, cost in [(LIMIT, costs[LIMIT]), *(item for item in dearest if item[0] != LIMIT)]:
        ratio = figures.number(cost.cpu / costs[LIMIT].cpu)
        result.add_row(f"{kind.verb} {kind.path}", kind.wanted, kind.body, str(cost.status), f"{cost.cpu:.0f}", ratio)
    return result
