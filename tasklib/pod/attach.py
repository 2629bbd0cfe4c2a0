"""Looking into the pod: its lines, an interactive tool, and Django's own commands."""

import io
import os
import secrets
import sys
from collections.abc import Mapping

from invoke import Context

from tasklib.core import podman
from tasklib.core import shell as door
from tasklib.core.project import Project
from tasklib.pod import legacy_database, state
from tasklib.pod.manage import manage_options

# What `inv shell` opens; the images have no shell.
TOOLS = {
    "server": ["python3", "manage.py", "shell"],
    "db": ["psql", "--dbname=service"],
    "log": ["python3"],
    "metrics": ["python3"],
    "metrics-graph": ["sh"],
}
# The commands of Django that write migrations, and the tree for them; what they write belongs to the caller.
WRITERS = [["makemigrations"], ["optimizemigration"], ["squashmigrations"]]
SOURCES = [
    *("--user", "0:0", "--security-opt", "label=disable", "--env", "PYTHONDONTWRITEBYTECODE=1"),
    *("--volume", "./services/server/src:/srv/src"),
]


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


def manage(c: Context, project: Project, words: door.Words) -> None:
    """Run manage.py in a container of its own inside the pod, as the role that owns the tables. Raises Exit."""
    state.require(project, "db")
    terminal = ["--tty"] if door.is_terminal() else []
    options = [*manage_options(project), *terminal, *(SOURCES if words[:1] in WRITERS else [])]
    door.attach(c, podman.run(project.image("server"), "manage.py", *words, options=options))


def legacy_import(c: Context, project: Project, words: door.Words) -> None:
    """Run the import beside the pod; its reports belong to the caller. Raises Exit."""
    legacy_database.require()
    state.require(project, "db")
    legacy_database.FOLDER.mkdir(parents=True, exist_ok=True)
    own = [
        "--user",
        "0:0",
        "--security-opt",
        "label=disable",
        "--volume",
        f"./{legacy_database.FOLDER}:{legacy_database.INSIDE}",
    ]
    terminal = ["--tty"] if door.is_terminal() else []
    options = [*manage_options(project), *own, *terminal]
    door.attach(c, podman.run(project.image("server"), "manage.py", *words, options=options))


def create_user(c: Context, project: Project, *words: str) -> str:
    """Make a user who may log in, by words for `create_user`; return the password. Raises UnexpectedExit."""
    password = secrets.token_urlsafe(24)
    command = podman.run(project.image("server"), "manage.py", "create_user", *words, options=manage_options(project))
    door.run(c, command, quiet=True, in_stream=io.StringIO(f"{password}\n"))
    return password
