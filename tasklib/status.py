"""The operator's page: each part of the pod, its state and where it answers."""

from datetime import UTC, datetime
from typing import Any

from invoke import Context
from rich import box
from rich.console import Console
from rich.table import Table

from tasklib import lifecycle, pod
from tasklib.project import Project

# What to type, or where to look, for each part.
WHERE = {
    "server": "{url}/tweet/",
    "db": "inv shell db",
    "log": "inv logs",
    "metrics": "{url}/alerts",
}


def show(c: Context, project: Project) -> None:
    """Print the table; a part that does not answer is said to be so."""
    if c.config.run.dry:
        return
    state, ports = lifecycle.state(project), pod.host_ports(project.manifest())
    table = Table("part", "state", "since", "where", box=box.SIMPLE, pad_edge=False)
    for service in pod.services(project.manifest()):
        where = WHERE[service].format(url=project.url(service) if service in ports else "")
        table.add_row(service, *condition(state.get(service)), where)
    Console(highlight=False).print(table)


def condition(container: dict[str, Any] | None) -> tuple[str, str]:
    """A container's state in one word, and since when."""
    if not container:
        return "absent", "-"
    if not container["State"]["Running"]:
        return container["State"]["Status"], "-"
    health = container["State"].get("Health", {}).get("Status", "running")
    started = datetime.fromisoformat(container["State"]["StartedAt"]).astimezone(UTC)
    return health, duration((datetime.now(UTC) - started).total_seconds())


def duration(seconds: float) -> str:
    """Seconds in the largest unit that fits."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} s"
