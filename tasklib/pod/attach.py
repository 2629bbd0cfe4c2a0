"""Log lines and interactive tools of the running pod."""

import os
import sys
from collections.abc import Mapping

from invoke import Context

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.core.services import SERVICES, require_known
from tasklib.pod import state


def logs(c: Context, project: Project, asked: Mapping[str, str], follow: bool, json: bool) -> None:
    """Show the stored lines that match, as JSON if the output is not a terminal. Raises Exit."""
    if asked["service"]:
        require_known("service", asked["service"], SERVICES)
    state.require(project, "log")
    words = [
        *(f"--{option}={value}" for option, value in asked.items() if value),
        *(["--follow"] if follow else []),
        *(form() if not json else ["--json"]),
    ]
    command = ["python3", "-m", "logstore.search", *words]
    shell.attach(c, podman.execute(project.container("log"), *command, terminal=shell.is_terminal()))


def form() -> shell.Words:
    """The options for the form of the lines: https://no-color.org"""
    if not sys.stdout.isatty():
        return ["--json"]
    return [] if os.environ.get("NO_COLOR") else ["--colour"]


def open_tool(c: Context, project: Project, service: str) -> None:
    """Open the tool of a container. Raises Exit."""
    require_known("service", service, SERVICES)
    state.require(state.as_it_runs(project), service)
    shell.attach(c, podman.execute(project.container(service), *SERVICES[service].tool, terminal=shell.is_terminal()))
