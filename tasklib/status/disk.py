"""The disk usage of the pod's volumes."""

from tasklib.core.project import Project
from tasklib.status import units
from tasklib.volumes import kept

# The most that a volume takes, where that is bounded; Prometheus tells its own bound: docs/architecture.md.
LIMITS = {"log-data": "164 MiB"}


def line(project: Project, retention: str = "") -> str:
    """Each kept volume with its size and its limit."""
    limits = {**LIMITS, **({"metrics-data": retention} if retention else {})}
    sizes = kept.sizes(project.manifest.claims)
    named = {name.removeprefix(f"{project.name}-"): size for name, size in sizes.items()}
    return ", ".join(words(name, size, limits.get(name, "")) for name, size in named.items()) or "no volume"


def words(name: str, size: int, limit: str) -> str:
    return f"{name.removesuffix('-data')} {units.size(size)}{f' of {limit}' if limit else ''}"
