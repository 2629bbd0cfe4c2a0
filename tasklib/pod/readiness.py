"""The health of the server, and migrations that its database lacks."""

import json
import urllib.error
from typing import Any

from invoke import Context, Exit

from tasklib.core import local_http, podman, shell
from tasklib.core.project import Project
from tasklib.pod.manage import manage_options

Parts = dict[str, dict[str, Any]]


def parts(project: Project, seconds: float = 2) -> Parts:
    """The state of each part of the server's health check; empty if the server does not answer."""
    try:
        with local_http.opener.open(f"{project.url('server')}/healthcheck/", timeout=seconds) as answer:
            body = answer.read()
    except urllib.error.HTTPError as error:
        body = error.read()
    except OSError:
        return {}
    return read(body)


def read(body: bytes) -> Parts:
    """The parts of a response; empty for nginx' own, which it sends without a worker."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    told: Parts = found.get("parts", {})
    return told


def is_ready(found: Parts) -> bool:
    """Whether all parts are up."""
    return bool(found) and all(part["status"] == "up" for part in found.values())


def is_behind(found: Parts) -> bool:
    """Whether the database is up and lacks migrations of the code."""
    return bool(found) and [name for name, part in found.items() if part["status"] != "up"] == ["schema"]


def is_newer(found: Parts) -> bool:
    """Whether the database has migrations that the code does not know."""
    return bool(found.get("schema", {}).get("newer"))


def migrate(c: Context, project: Project) -> None:
    """Apply the missing migrations in a container of its own. Raises Exit."""
    command = podman.run(project.image("server"), "manage.py", "migrate", "--no-input", options=manage_options(project))
    result = shell.run(c, command, warn=True)
    if result.failed:
        told = shell.last_lines(result.stderr, 1).removeprefix("CommandError: ")
        raise Exit(f"the database was not migrated: {told} - mend it, then type: inv build up")
