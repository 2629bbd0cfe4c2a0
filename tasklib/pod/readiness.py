"""The health of the pod: its containers, what the server says of itself, and migrations that its database lacks."""

import json
import time
import urllib.error
from collections.abc import Callable
from typing import Any

from invoke import Context, Exit

from tasklib.core import local_http, podman, settings, shell
from tasklib.core.project import Project
from tasklib.core.services import ESSENTIAL
from tasklib.pod import state
from tasklib.pod.manage import manage_options

Parts = dict[str, dict[str, Any]]
# A container that ends by itself so often will not become healthy by waiting.
MOST_ENDS = 3


class Watch:
    """The services of a pod that are not healthy yet; one that was healthy is not probed again."""

    def __init__(self, project: Project) -> None:
        self.project, self.pending = project, list(project.manifest.services)
        self.restarts = restarts(project)

    def probe(self) -> None:
        """Probe the services that were not healthy yet."""
        healthy = state.healthy(self.project, self.pending)
        self.pending = [service for service in self.pending if service not in healthy]

    def essential(self) -> str:
        """The first essential service that is not healthy. Raises Exit if it keeps ending."""
        self.probe()
        missing = next((service for service in self.pending if service in ESSENTIAL), "")
        if missing and self.keeps_ending(missing):
            raise unhealthy(self.project, missing, f"has ended {MOST_ENDS} times")
        return missing or server(self.project)

    def other(self) -> str:
        """The first service that is not healthy and may still become so."""
        self.probe()
        return next((service for service in self.pending if not self.keeps_ending(service)), "")

    def keeps_ending(self, service: str) -> bool:
        """Whether Podman has restarted the container MOST_ENDS times while this watches."""
        return restarts(self.project).get(service, 0) - self.restarts.get(service, 0) >= MOST_ENDS


def restarts(project: Project) -> dict[str, int]:
    """The number of times that Podman has restarted each container."""
    return {service: container["RestartCount"] for service, container in state.state(project).items()}


def wait_until_healthy(c: Context, project: Project) -> list[str]:
    """Wait until the pod serves, and for its other services; migrate the database if the server says that it is behind.

    Return the services without which the pod serves and that are not healthy. Raises Exit.
    """
    if c.config.run.dry:
        return []
    seconds = settings.read().up_seconds
    watch, end = Watch(project), time.monotonic() + seconds
    wait_for(project, watch.essential, seconds)
    found = parts(project)
    if is_behind(found) or is_newer(found):
        migrate(c, project)
        wait_for(project, lambda: "" if is_ready(parts(project)) else "server", seconds)
    shell.until(watch.other, end - time.monotonic(), "waiting")
    for service in watch.pending:
        print(shell.last_lines(last_lines(project, service)))
    return watch.pending


def wait_for(project: Project, missing: Callable[[], str], seconds: int) -> None:
    """Wait until no service is missing. Raises Exit after showing the last lines of one that is."""
    if service := shell.until(missing, seconds, "waiting"):
        raise unhealthy(project, service, f"is not healthy after {seconds} s")


def unhealthy(project: Project, service: str, fault: str) -> Exit:
    """The end of a task for a service that does not become healthy; shows its last lines."""
    print(shell.last_lines(last_lines(project, service)))
    return Exit(f"{service} {fault} (above: its last lines) - mend it, then type: inv up")


def last_lines(project: Project, service: str) -> str:
    """The last lines that a container has printed."""
    result = shell.capture(podman.logs(project.container(service), 15))
    return result.stdout + result.stderr


def server(project: Project) -> str:
    """`server`, unless it says that all its parts are up, or that only migrations are missing."""
    found = parts(project)
    return "" if is_ready(found) or is_behind(found) else "server"


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
