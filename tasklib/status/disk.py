"""The disk usage of the pod's volumes."""

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.status import units

# The most that a volume takes, where that is bounded; Prometheus tells its own bound: docs/architecture.md.
LIMITS = {"log-data": "164 MiB"}
# A volume with options is in its folder only while a container uses it.
PLACES = "{{if and .Mountpoint (or (not .Options) .MountCount)}}{{.Name}} {{.Mountpoint}}{{end}}"


def line(project: Project, retention: str = "") -> str:
    """Each kept volume with its size and its limit."""
    limits = {**LIMITS, **({"metrics-data": retention} if retention else {})}
    sizes = used(project.manifest.claims)
    named = {name.removeprefix(f"{project.name}-"): size for name, size in sizes.items()}
    return ", ".join(words(name, size, limits.get(name, "")) for name, size in named.items()) or "no volume"


def words(name: str, size: int, limit: str) -> str:
    return f"{name.removesuffix('-data')} {units.size(size)}{f' of {limit}' if limit else ''}"


def used(names: list[str]) -> dict[str, int]:
    """The bytes on disk of each of the volumes that exist and whose files can be reached."""
    lines = shell.capture(podman.volume_inspect(PLACES, *names)).stdout.splitlines()
    places = dict(line.split(maxsplit=1) for line in lines if line)
    if not places:
        return {}
    words = podman.among_users("du", "--summarize", "--block-size=1", *places.values())
    rows = (row.split("\t") for row in shell.capture(words).stdout.splitlines())
    sizes = {path: int(size) for size, path in rows}
    return {name: sizes[path] for name, path in places.items() if path in sizes}
