"""A former pod that Podman has forgotten: its containers run, but Podman's list of what runs was lost.

Cleaning the folder of temporary files, or a logout without linger, removes that list: podman-system-service(1) calls it
the run directory.
"""

import os
from pathlib import Path

from invoke import Exit

from tasklib.core import podman, shell
from tasklib.core.project import Project

PROC = Path("/proc")


def require_none(project: Project) -> None:
    """Raise Exit if containers of a pod of this name run that Podman does not know."""
    known = shell.capture(podman.processes(project.name)).stdout.split()
    if ids := [str(id_) for id_ in processes(project.name) if str(id_) not in known]:
        words = " ".join(ids)
        raise Exit(
            f"a former pod '{project.name}' still runs, and Podman has forgotten it - end its processes, "
            f"then try again: kill {words}"
        )


def processes(pod: str, proc: Path = PROC) -> list[int]:
    """The first process of each container of this user's pod of that name, whether Podman knows it or not."""
    first = [path for path in proc.glob("[0-9]*") if is_first(path)]
    # Without root, the variables of those that have another user id in their container cannot be read.
    networks = {link(path, "net") for path in first if is_of(path, pod) and is_own(path, proc)}
    return sorted(int(path.name) for path in first if link(path, "net") in networks - {""})


def is_first(path: Path) -> bool:
    """Whether a process is the first one of a container."""
    try:
        ids = next(line for line in (path / "status").read_text().splitlines() if line.startswith("NSpid:")).split()[1:]
    except (OSError, StopIteration):
        return False
    return len(ids) > 1 and ids[-1] == "1"


def is_of(path: Path, pod: str) -> bool:
    """Whether a process has the variables of a pod's containers."""
    try:
        variables = (path / "environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return {b"container=podman", f"HOSTNAME={pod}".encode()} <= {*variables}


def is_own(path: Path, proc: Path) -> bool:
    """Whether a container is of this user: root reads those of all users, which are in user namespaces."""
    return bool(os.geteuid()) or link(path, "user") == link(proc / "self", "user")


def link(path: Path, kind: str) -> str:
    """The namespace of a process; empty if this user may not know."""
    try:
        return str((path / "ns" / kind).readlink())
    except OSError:
        return ""
