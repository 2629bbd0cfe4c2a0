"""The volumes of a pod: those that it mounts, and the data from before that a restore has kept."""

import re

from humanize import naturalsize
from invoke import Context

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.volumes import contents

# A volume with options is in its folder only while a container uses it.
PLACES = "{{if and .Mountpoint (or (not .Options) .MountCount)}}{{.Name}} {{.Mountpoint}}{{end}}"
ARCHIVE = "/var/lib/postgresql/archive"


def known(*options: str) -> list[str]:
    """The volumes that Podman has, or those that options choose."""
    return shell.capture(podman.names("volume", *options)).stdout.split()


def of_pod(project: Project) -> list[str]:
    """Every volume of a pod that exists: data, secrets, scratch, and what restores have left."""
    manifest = project.with_graph().manifest
    names = {*manifest.claims, *manifest.secrets, *manifest.scratch}
    return [name for name in known() if name in names or any(is_beside(name, claim) for claim in manifest.claims)]


def is_beside(name: str, claim: str) -> bool:
    """Whether a volume was made beside another: by a restore, at a time, or to renew it."""
    return is_former(name, claim) or name == f"{claim}-new"


def is_former(name: str, claim: str) -> bool:
    """Whether a volume is named like one with data from before a restore."""
    return bool(re.fullmatch(rf"{re.escape(claim)}-\d{{8}}T\d{{6}}Z", name))


def before(claim: str) -> list[str]:
    """The unused volumes with data from before that restores have kept, the oldest first."""
    return sorted(name for name in known("--filter", "dangling=true") if is_former(name, claim))


def staged(claim: str) -> list[str]:
    """The staging volumes of tasks that were killed: a container of the same name uses each."""
    used = [name for name in known("--filter", "dangling=false") if is_former(name, claim)]
    return [name for name in used if not shell.capture(podman.container_exists(name)).returncode]


def sizes(names: list[str]) -> dict[str, int]:
    """The bytes on disk of each of the volumes that exist and whose files can be reached."""
    lines = shell.capture(podman.volume_inspect(PLACES, *names)).stdout.splitlines()
    places = dict(line.split(maxsplit=1) for line in lines if line)
    if not places:
        return {}
    words = podman.among_users("du", "--summarize", "--block-size=1", *places.values())
    rows = (row.split("\t") for row in shell.capture(words).stdout.splitlines())
    bytes_of = {path: int(size) for size, path in rows}
    return {name: bytes_of[path] for name, path in places.items() if path in bytes_of}


def described(names: list[str]) -> list[str]:
    """Volumes in words, with their sizes where these can be told."""
    words = {name: f" ({naturalsize(size)})" for name, size in sizes(names).items()} if names else {}
    return [f"volume {name}{words.get(name, '')}" for name in names]


def delete(c: Context, image: str, names: list[str]) -> None:
    """Delete unused volumes with their data, which outlives one with options. Raises UnexpectedExit."""
    for name in names:
        if not contents.is_plain(name):
            shell.run(c, erase(image, name), quiet=True)
    if names:
        shell.run(c, podman.volume_rm(*names), quiet=True)


def erase(image: str, name: str) -> shell.Words:
    """Erase the data of a volume, whoever owns it; in an archive, which may be shared, what its pod has made."""
    options = ["--network", "none", "--user", "0:0", "--entrypoint", "python3", "--volume"]
    pod = name.removesuffix("-db-archive")
    if pod == name:
        return podman.run(image, *contents.PROGRAM, "erase", "/mnt", options=[*options, f"{name}:/mnt:nocopy"])
    options += [f"{name}:{ARCHIVE}:nocopy", "--env", f"POD={pod}"]
    return podman.run(image, "-m", "dbtools.archive", "forget", options=options)
