"""The operator's page: each part of the pod, its state and where it answers, and how the service does."""

import contextlib
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from humanize import naturaldelta
from invoke import Context, Exit
from rich import box
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.core.services import SERVICES, VERSION_LABEL
from tasklib.pod import state
from tasklib.status import disk, units, vitals

# As often as Prometheus looks: services/metrics/prometheus.yml.
WATCH_SECONDS = 5
# In a narrower terminal the page leaves out where each part answers.
WIDE = 112
NO_TERMINAL = 200  # a pipe breaks no lines

Container = Mapping[str, Any]


def show(c: Context, project: Project) -> None:
    """Print each part with its state and where it answers, as after a start."""
    if not c.config.run.dry:
        project = state.as_it_runs(project)
        found = state.state(project)
        table = columns("part", "state", "since", "where")
        for service in project.manifest.services:
            table.add_row(service, *condition(found.get(service)), where(project, service))
        Console(highlight=False).print(table)


def page(c: Context, project: Project, watch: bool = False) -> None:
    """Print the whole page; with `watch` again and again until Ctrl-C."""
    if c.config.run.dry:
        return
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = NO_TERMINAL
    if watch:
        repeat(project, console)
    else:
        console.print(render(project, console.width))


def repeat(project: Project, console: Console) -> None:
    """Print the page again and again, over the one before where that can be, until Ctrl-C."""
    with contextlib.suppress(KeyboardInterrupt), Live(console=console, auto_refresh=False) as live:
        while True:
            title = f" {project.name} at {datetime.now():%H:%M:%S}, every {WATCH_SECONDS} s until Ctrl-C"  # noqa: DTZ005
            whole = Group(title, render(project, console.width))
            live.update(whole, refresh=True) if console.is_terminal else console.print(whole)
            threading.Event().wait(WATCH_SECONDS)


def render(project: Project, width: int) -> Group:
    """The page as it is now; what does not answer is said to be so."""
    project = state.as_it_runs(project)
    services, found = project.manifest.services, state.state(project)
    there = [service for service in services if service in found and found[service]["State"]["Running"]]
    healthy, memory = probe(project, there), used(project, there)
    wide = width >= WIDE
    parts = columns("part", "state", "since", "restarts", "memory", "version", *(["where"] if wide else []))
    for service in services:
        cells = row(found.get(service), service in healthy, memory.get(service, units.NONE))
        parts.add_row(service, *cells, *([where(project, service)] if wide else []))
    return Group(parts, beside(figures(project)))


def columns(*names: str) -> Table:
    return Table(*names, box=box.SIMPLE, pad_edge=False)


def beside(lines: list[vitals.Line]) -> Table:
    """Lines, each behind its name."""
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for name, text in lines:
        table.add_row(f" {name}", text)
    return table


def where(project: Project, service: str) -> str:
    published = service in project.manifest.host_ports
    return SERVICES[service].where.format(url=project.url(service) if published else "")


def condition(container: Container | None) -> tuple[str, str]:
    """A container's state in one word, and since when."""
    if not container:
        return "absent", units.NONE
    if not container["State"]["Running"]:
        return container["State"]["Status"], units.NONE
    health = container["State"].get("Health", {}).get("Status", "running")
    started = datetime.fromisoformat(container["State"]["StartedAt"]).astimezone(UTC)
    return health, naturaldelta((datetime.now(UTC) - started).total_seconds())


def row(container: Container | None, healthy: bool, memory: str) -> list[str]:
    """What the page says of one part. It was asked just now: Podman's word may be old, and is without systemd."""
    word, since = condition(container)
    if not container or not container["State"]["Running"]:
        return [word, since, *[units.NONE] * 3]
    version = (container["Config"]["Labels"] or {}).get(VERSION_LABEL, units.NONE)
    return ["healthy" if healthy else "no answer", since, str(container["RestartCount"]), memory, version]


def probe(project: Project, services: list[str]) -> set[str]:
    """Those of the parts that answer their probe now."""
    with ThreadPoolExecutor() as threads:
        answers = threads.map(lambda service: shell.capture(podman.healthcheck(project.container(service))), services)
        return {service for service, answer in zip(services, answers, strict=True) if not answer.returncode}


def used(project: Project, services: list[str]) -> dict[str, str]:
    """The memory that each part uses, of what it may; nothing where Podman is not told, as rootless on cgroup v1."""
    if not services:
        return {}
    answer = shell.capture(podman.stats(*(project.container(service) for service in services)))
    pairs = (line.split(maxsplit=1) for line in answer.stdout.splitlines())
    return {name.removeprefix(f"{project.name}-"): units.of_limit(usage) for name, usage in pairs}


def figures(project: Project) -> list[vitals.Line]:
    """How the service does, and what its data takes."""
    try:
        known = vitals.read(project.url("metrics"))
    except Exit as error:
        return [("prometheus", str(error)), ("disk", disk.line(project))]
    return [*vitals.lines(known), ("disk", disk.line(project, known.retention))]
