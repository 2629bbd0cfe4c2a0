"""The state of the pod's containers, from Podman."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from invoke import Exit

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.core.services import GRAPH, require_known

ANNOTATION = "pod-file"
# A container whose conmon has ended: it works, but nothing restarts it when it ends, and its lines go nowhere.
ORPHANED = "orphaned"
Containers = dict[str, dict[str, Any]]  # what Podman says of each container, by service
PROC = Path("/proc")


def as_it_runs(project: Project) -> Project:
    """The same copy, with Grafana if its running pod has it."""
    there = shell.capture(podman.container_exists(project.container(GRAPH))).returncode == 0
    return project.with_graph() if there else project


def state(project: Project) -> Containers:
    """The description of each existing container by service; it does not run if it is "gone" or ORPHANED."""
    names = [project.container(service) for service in project.manifest.services]
    found = json.loads(shell.capture(podman.inspect(*names)).stdout or "[]")
    for container in found:
        known = container["State"]
        # If conmon was killed, Podman still says "running", whether the container has ended or not.
        if known["Running"] and not (runs(known["Pid"]) and runs(known["ConmonPid"])):
            known |= {"Running": False, "Status": ORPHANED if runs(known["Pid"]) else "gone"}
    return {container["Name"].removeprefix(f"{project.name}-"): container for container in found}


def healthy(project: Project, services: list[str]) -> set[str]:
    """The services whose probe succeeds now."""
    with ThreadPoolExecutor() as threads:
        answers = threads.map(lambda service: shell.capture(project.probe(service)), services)
        return {service for service, answer in zip(services, answers, strict=True) if not answer.returncode}


def runs(pid: int, proc: Path = PROC) -> bool:
    """Whether a process runs. A zombie has an empty command line."""
    try:
        return bool((proc / str(pid) / "cmdline").read_text())
    except OSError:
        return False


def is_current(project: Project, images: dict[str, str]) -> bool:
    """Whether the pod runs from the project's present pod file and from these images."""
    found = state(project)
    return annotation(found) == fingerprint(project) and all(
        service in found and found[service]["State"]["Running"] and found[service]["Image"] == image
        for service, image in images.items()
    )


def annotation(containers: Containers) -> str:
    """The fingerprint of the pod file that the containers were started from; empty unless all have the same."""
    values = {container["Config"]["Annotations"].get(ANNOTATION, "") for container in containers.values()}
    return str(values.pop()) if len(values) == 1 else ""


def fingerprint(project: Project) -> str:
    """The value of ANNOTATION for a pod: a release that is played again has that of the file that it is from."""
    kept = project.manifest.annotation(ANNOTATION) if project.played else ""
    return kept or hashlib.sha256(project.text().encode()).hexdigest()[:16]


def require(project: Project, service: str) -> None:
    """Raise Exit if a container is unknown or does not run."""
    if not require_existing(project, service)["State"]["Running"]:
        raise Exit(f"container {project.container(service)} is not running - start it: inv restart {service}")


def require_existing(project: Project, service: str) -> dict[str, Any]:
    """Podman's description of a container, running or not. Raises Exit if it is unknown or absent."""
    require_known("service", service, project.manifest.services)
    if container := state(project).get(service):
        return container
    raise Exit(f"container {project.container(service)} is not running - start the pod with: inv up")
