"""Check, before a pod is stopped, that the one that shall replace it can be started on this machine."""

import re
from pathlib import Path

from invoke import Context, Exit

from tasklib.core import podman, shell
from tasklib.core.manifest_shape import QUANTITY
from tasklib.core.project import BUILD, Project
from tasklib.images import store
from tasklib.machine import former
from tasklib.pod import network, secrets

CHECK = ["python3", "manage.py", "check"]
MEMORY = Path("/proc/meminfo")
KIBIBYTE, MEBIBYTE = 2**10, 2**20
# What a Kubernetes quantity may end with: core/manifest_shape.py
FACTORS: dict[str, float] = {"": 1, **{f"{letter}i": 2 ** (10 * power) for power, letter in enumerate("KMGTPE", 1)}}
FACTORS |= {letter: 10 ** (3 * power) for power, letter in enumerate("kMGTPE", 1)} | {"m": 0.001}


def require(c: Context, project: Project) -> dict[str, str]:
    """Return the ids of the images; raise Exit, before anything was stopped, if the pod cannot be started.

    Makes the secrets that are missing, without which Podman makes no pod.
    """
    images = store.require_images(project, project.manifest.services)
    secrets.ensure(c, project)
    if c.config.run.dry:
        return images
    former.require_none(project)
    if faults := [*network.faults(project), *memory(project)]:
        raise Exit("\n".join(faults))
    # Where no pod serves, its start is the trial.
    if not shell.capture(podman.pod_exists(project.name)).returncode:
        trial(project)
    return images


def memory(project: Project, file: Path = MEMORY) -> list[str]:
    """The fault of a machine without the memory that the pod asks for; what the running pod has will be free."""
    resources = (container.get("resources", {}) for container in project.manifest.containers.values())
    requests = (amounts.get("requests", {}) for amounts in resources)
    needed = sum(quantity(str(request.get("memory", "0"))) for request in requests)
    free = int(file.read_text().partition("MemAvailable:")[2].split()[0]) * KIBIBYTE
    if needed <= free or needed <= free + used(project):
        return []
    amounts = f"{needed / MEBIBYTE:.0f} MiB of memory, {free / MEBIBYTE:.0f} MiB are available"
    return [f"the pod asks for {amounts} - end other programs, or lower resources.requests.memory in pod.yaml"]


def used(project: Project) -> float:
    """The bytes of memory that the running pod uses, as far as Podman can read it."""
    names = [project.container(service) for service in project.manifest.services]
    rows = re.findall(r"([\d.]+)([KMGT]?)i?B /", shell.capture(podman.stats(*names)).stdout)
    return sum(float(number) * FACTORS[f"{letter}i" if letter else ""] for number, letter in rows)


def quantity(text: str) -> float:
    """The number that a Kubernetes quantity such as 128Mi stands for."""
    match = QUANTITY.fullmatch(text)
    number, unit = match.groups("") if match else ("0", "")
    return float(f"{number}{unit}") if unit.startswith("e") else float(number) * FACTORS[unit]


def trial(project: Project) -> None:
    """Let Podman make the pod under another name without starting it, and the new server check its variables.

    Raises Exit.
    """
    name = f"{project.name}-trial"
    before = shell.capture(podman.volume_inspect("{{.Name}}", *project.manifest.secrets)).stdout.split()
    pod = project.manifest.trial(name, "server", CHECK, before)
    file = shell.write(BUILD / f"{name}.yaml", pod.dump())
    shell.capture(podman.pod_rm(name, 0))  # what a trial left that was killed
    try:
        made = shell.capture(podman.kube_play(file, start=False))
        if made.returncode:
            reason = shell.last_lines(made.stderr, 1).removeprefix("Error: ")
            raise Exit(f"Podman refuses the pod: {reason} - mend pod.yaml, then type: inv up")
        check = shell.capture(podman.start(f"{name}-server", attach=True))
        if check.returncode:
            print(shell.last_lines(check.stdout + check.stderr))
            raise Exit("the new server fails its check (above: why) - mend it, then type: inv up")
    finally:
        with shell.interrupts_held():
            shell.capture(podman.pod_rm(name, 0), detached=True)
            new = [volume for volume in [*pod.claims, *pod.scratch, *pod.secrets] if volume not in before]
            shell.capture(podman.volume_rm(*new), detached=True)
        file.unlink()
