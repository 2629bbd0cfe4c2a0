"""The counters of a container: a file in Prometheus' text format that the container `metrics` reads."""

import re
from pathlib import Path

FOLDER = Path("/run/stats")  # holds a folder for each service, which only its container may write: pod.yaml
SAMPLE = re.compile(r'^(\w+)\{service="[\w-]+"\} (\d+)$', re.MULTILINE)


def read(service: str, folder: Path) -> dict[str, int]:
    """The values by name that an earlier run has left; empty if the file is missing or damaged."""
    try:
        text = (folder / f"{service}.prom").read_text()
    except (OSError, ValueError):
        return {}
    return {name: int(value) for name, value in SAMPLE.findall(text)}


def write(service: str, values: dict[str, int], folder: Path) -> None:
    """Write the file. Raises OSError."""
    lines = (f'{name}{{service="{service}"}} {value}\n' for name, value in values.items())
    replace(folder / f"{service}.prom", "".join(lines))


def replace(path: Path, text: str) -> None:
    """Replace a file atomically, so that no reader sees half of it. Raises OSError."""
    draft = path.with_suffix(".new")
    draft.write_text(text)
    draft.replace(path)
