"""The operator's page: state and address of each service, key figures and firing alerts."""

import contextlib
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from humanize import naturaldelta
from invoke import Context, Exit
from rich import box
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.core.services import PACKAGES_LABEL, SERVICES, VERSION_LABEL
from tasklib.images import patch
from tasklib.pod import network, state
from tasklib.status import disk, units, vitals

# As often as Prometheus looks: services/metrics/prometheus.yml.
WATCH_SECONDS = 5
# In a narrower terminal the page leaves out where each part answers.
WIDE = 112
# States of a service, beside Podman's own words for one that does not run.
HEALTHY, NO_ANSWER, CUT_OFF, ABSENT = "healthy", "no answer", "cut off", "absent"
FAULT = "fault"  # begins the line of a service that is not healthy
PART_ILL = 3  # the exit code for a pod that serves, and lacks a service that only watches
NO_TERMINAL = 200  # a pipe breaks no lines

Container = Mapping[str, Any]


def show(c: Context, project: Project, ill: list[str]) -> None:
    """Print the short table: each service with its state and address.

    Raises Exit with PART_ILL if the pod serves but some services are ill.
    """
    if not c.config.run.dry:
        project = state.as_it_runs(project)
        found = state.state(project)
        table = columns("part", "state", "since", "where")
        for service in project.manifest.services:
            word, since = condition(found.get(service))
            word = NO_ANSWER if service in ill and word == HEALTHY else word
            table.add_row(service, shell.coloured(word), since, where(project, service))
        shell.console.print(table)
    if ill:
        raise Exit("\n".join(advice(service) for service in ill), PART_ILL)


def advice(service: str) -> str:
    """The remedy for a service that is not healthy, when the pod serves without it."""
    return f"{service} is not healthy (above: why); the service goes on - mend it, then type: inv restart {service}"


def page(c: Context, project: Project, watch: bool = False) -> None:
    """Print the whole page; with `watch`, refresh it until Ctrl-C."""
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
    """Refresh the page until Ctrl-C, in place on a terminal."""
    with contextlib.suppress(KeyboardInterrupt), Live(console=console, auto_refresh=False) as live:
        while True:
            title = f" {project.name} at {datetime.now():%H:%M:%S}, every {WATCH_SECONDS} s until Ctrl-C"  # noqa: DTZ005
            whole = Group(title, render(project, console.width))
            live.update(whole, refresh=True) if console.is_terminal else console.print(whole)
            threading.Event().wait(WATCH_SECONDS)


def render(project: Project, width: int) -> Group:
    """The current page; services that do not answer are marked."""
    project = state.as_it_runs(project)
    services, found = project.manifest.services, state.state(project)
    there = [service for service in services if service in found and found[service]["State"]["Running"]]
    healthy, memory = state.healthy(project, there), used(project, there)
    cut_off = network.cut_off(project, healthy)
    wide = width >= WIDE
    parts = columns("part", "state", "since", "restarts", "memory", "version", *(["where"] if wide else []))
    words = {}
    for service in services:
        word, *cells = row(found.get(service), service in healthy, memory.get(service, units.NONE))
        words[service] = word = CUT_OFF if service in cut_off else word
        parts.add_row(service, shell.coloured(word), *cells, *([where(project, service)] if wide else []))
    lines = figures(project, words.get("metrics") in (HEALTHY, NO_ANSWER))
    age = [("packages", patch.age(packages(found)))] if found else []
    return Group(parts, beside([*lines, *faults(words, cut_off), *age]))


def faults(words: Mapping[str, str], cut_off: Mapping[str, str]) -> list[vitals.Line]:
    """A line for each service that is not healthy, with what to type."""
    if set(words.values()) == {ABSENT}:
        return [(FAULT, "the pod does not run - start it: inv up")]
    remedies = {
        ABSENT: "{service} is absent - start the pod anew: inv up",
        CUT_OFF: "{fault} - start the pod anew: inv up",
        state.ORPHANED: "conmon of {service} has ended, so nothing restarts it - start it anew: inv restart {service}",
        NO_ANSWER: "{service} does not answer - restart it: inv restart {service}",
    }
    stopped = "{service} does not run - start it: inv restart {service}"
    ill = {service: remedies.get(word, stopped) for service, word in words.items() if word != HEALTHY}
    return [(FAULT, line.format(service=name, fault=cut_off.get(name))) for name, line in ill.items()]


def packages(found: Mapping[str, Container]) -> str:
    """The day of the oldest Debian packages in a running image; empty if one does not know it."""
    return min(((one["Config"]["Labels"] or {}).get(PACKAGES_LABEL, "") for one in found.values()), default="")


def columns(*names: str) -> Table:
    return Table(*names, box=box.SIMPLE, pad_edge=False)


def beside(lines: list[vitals.Line]) -> Table:
    """A grid of names and texts."""
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for name, text in lines:
        table.add_row(f" {name}", Text(text, style=shell.BAD if name in (vitals.ALERT, FAULT) else ""))
    return table


def where(project: Project, service: str) -> str:
    published = service in project.manifest.host_ports
    return SERVICES[service].where.format(url=project.url(service) if published else "")


def condition(container: Container | None) -> tuple[str, str]:
    """A container's state in one word, and for how long it has run; one that runs was probed just now."""
    if not container:
        return ABSENT, units.NONE
    if not container["State"]["Running"]:
        return container["State"]["Status"], units.NONE
    started = datetime.fromisoformat(container["State"]["StartedAt"]).astimezone(UTC)
    return HEALTHY, naturaldelta((datetime.now(UTC) - started).total_seconds())


def row(container: Container | None, healthy: bool, memory: str) -> list[str]:
    """The cells of one service. Podman's own health may be outdated, and without systemd it always is."""
    word, since = condition(container)
    if not container or not container["State"]["Running"]:
        return [word, since, *[units.NONE] * 3]
    version = (container["Config"]["Labels"] or {}).get(VERSION_LABEL, units.NONE)
    return [HEALTHY if healthy else NO_ANSWER, since, str(container["RestartCount"]), memory, version]


def used(project: Project, services: list[str]) -> dict[str, str]:
    """Used memory and limit of each service; empty if Podman cannot read it, as rootless on cgroup v1."""
    if not services:
        return {}
    answer = shell.capture(podman.stats(*(project.container(service) for service in services)))
    pairs = (line.split(maxsplit=1) for line in answer.stdout.splitlines())
    return {name.removeprefix(f"{project.name}-"): units.of_limit(usage) for name, usage in pairs}


def figures(project: Project, is_measured: bool) -> list[vitals.Line]:
    """Key figures and alerts, if metrics can be asked for them, and disk usage."""
    if not is_measured:
        return [("disk", disk.line(project))]
    try:
        known = vitals.read(project.url("metrics"))
    except Exit as error:
        return [("prometheus", str(error)), ("disk", disk.line(project))]
    return [*vitals.lines(known), ("disk", disk.line(project, known.retention))]
