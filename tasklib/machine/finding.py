"""A fact about the machine, and the steps that repair it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tasklib.core import shell
from tasklib.machine.readings import Machine

INSTALL = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--quiet=2", "--no-install-recommends"]


@dataclass(frozen=True)
class File:
    """A file to write: its absolute path and its whole text."""

    path: str
    text: str


# One step of a repair: a command as its words, or a file.
Step = list[str] | File


@dataclass(frozen=True)
class Fact:
    """One point: what is, what should be, and the steps (commands or files) that make it so."""

    name: str
    found: str
    wanted: str
    ok: bool
    remedy: Sequence[Step] = ()
    needs_root: bool = False
    fatal: bool = False


def merged(steps: list[Step]) -> list[Step]:
    """The same steps with each one once, and all packages of one archive installed at once."""
    result: list[Step] = []
    for step in steps:
        same = next((other for other in result if _options(other) == _options(step) != []), None)
        if isinstance(same, list) and isinstance(step, list):
            same += [word for word in step if word not in same]
        elif step not in result:
            result.append(list(step) if isinstance(step, list) else step)
    return result


def _options(step: Step) -> list[str]:
    if isinstance(step, File) or step[: len(INSTALL)] != INSTALL:
        return []
    return [word for word in step if word.startswith("--")]


def written(machine: Machine, file: File) -> Path:
    """Write the file whole or not at all, with the folders above it."""
    return shell.write(machine.path(file.path), file.text, shell.PUBLIC)
