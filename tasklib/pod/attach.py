"""Looking into the pod: its lines, an interactive tool, and Django's own commands."""

import os
import sys
from collections.abc import Mapping

from invoke import Context

from tasklib.core import podman
from tasklib.core import shell as door
from tasklib.core.project import Project
from tasklib.pod import state

# What `inv shell` opens; the images have no shell.
TOOLS = {
    "server": ["python3", "manage.py", "shell"],
    "db": ["psql", "--dbname=service"],
    "log": ["python3"],
    "metrics": ["python3"],
    "metrics-graph": ["sh"],
}


def logs(c: Context, project: Project, asked: Mapping[str, str], follow: bool, json: bool) -> None:
    """Show the stored lines that are asked for, as objects where nobody looks; raises Exit."""
    state.require(project, "log")
    words = [
        *(f"--{option}={value}" for option, value in asked.items() if value),
        *(["--follow"] if follow else []),
        *(form() if not json else ["--json"]),
    ]
    command = ["python3", "/etc/log/search.py", *words]
    door.attach(c, podman.execute(project.container("log"), *command, terminal=door.is_terminal()))


def form() -> door.Words:
    """How lines are shown: https://no-color.org"""
    if not sys.stdout.isatty():
        return ["--json"]
    return [] if os.environ.get("NO_COLOR") else ["--colour"]


def shell(c: Context, project: Project, service: str) -> None:
    """Open the tool of a container. Raises Exit."""
    state.require(state.as_it_runs(project), service)
    door.attach(c, podman.execute(project.container(service), *TOOLS[service], terminal=door.is_terminal()))
