"""The data of volumes that no server uses, whatever their drivers and options are.

A plain volume is a folder of Podman's, whose name can be exchanged in an instant. Any other is reached by mounting it.
"""

import sys

from invoke import Context, Exit

from tasklib.core import podman, shell

PROGRAM = ["-m", "dbtools.volume"]  # of the db image
KIND, PLAIN = "{{.Driver}} {{len .Options}}", "local 0"
FOLDER = "{{.Mountpoint}}"
FILLED = "/var/lib/postgresql/data"  # where a container of the db image fills an empty volume


def exists(volume: str) -> bool:
    return shell.capture(podman.volume_exists(volume)).returncode == 0


def is_plain(volume: str) -> bool:
    """Whether the data of a volume is in the folder that Podman has made for it, and nowhere else."""
    return shell.capture(podman.volume_inspect(KIND, volume)).stdout.strip() == PLAIN


def program(image: str, command: str, *volumes: str) -> shell.Words:
    """Run a command of the program for volumes, which are mounted without filling them from the image."""
    places = {volume: f"/mnt/{number}" for number, volume in enumerate(volumes)}
    mounts = [word for volume, place in places.items() for word in ("--volume", f"{volume}:{place}:nocopy")]
    options = ["--network", "none", "--entrypoint", "python3", *mounts]
    return podman.run(image, *PROGRAM, command, *places.values(), options=options, restricted=True)


def major(image: str, volume: str) -> str:
    """PostgreSQL's major version of the data in a volume; empty if it has none. Raises Exit."""
    if not exists(volume):
        return ""
    result = shell.capture(program(image, "major", volume))
    if result.returncode:
        raise Exit(f"volume {volume} was not read: {shell.last_lines(result.stderr, 1)}")
    return result.stdout.strip()


def require_room(image: str, first: str, second: str) -> None:
    """Raise Exit if two volumes can be exchanged only by copying, and a disk of them is too small for that."""
    if not exists(first) or is_plain(first):
        return
    result = shell.capture(program(image, "room", first, second))
    if result.returncode:
        raise Exit(f"the data of volume {first} cannot be exchanged: {shell.last_lines(result.stderr, 1)}")


def exchange(c: Context, image: str, first: str, second: str) -> None:
    """Exchange the data of two unused volumes. Raises Exit."""
    if is_plain(first) and is_plain(second) and rename(c, first, second):
        return
    result = shell.run(c, program(image, "exchange", first, second), quiet=True, warn=True)
    if result.failed:
        reason = shell.last_lines(result.stderr, 1)
        raise Exit(f"the data of volume {first} was not exchanged, and is unchanged: {reason}")


def rename(c: Context, first: str, second: str) -> bool:
    """Exchange the names of the folders of two plain volumes; return False if their file system cannot."""
    folders = [shell.capture(podman.volume_inspect(FOLDER, volume)).stdout.strip() for volume in (first, second)]
    words = podman.among_users(sys.executable, "-m", "tasklib.volumes.swap_folders", *folders)
    return bool(shell.run(c, words, quiet=True, warn=True).ok)


def renew(c: Context, image: str, volume: str) -> None:
    """Give an unused volume the data of the image. Raises Exit."""
    if not exists(volume) or is_plain(volume):
        # Podman fills a new volume at the next start.
        shell.run(c, podman.volume_rm(volume), quiet=True)
        return
    new = f"{volume}-new"
    fill = ["--network", "none", "--entrypoint", "python3", "--volume", f"{new}:{FILLED}"]
    shell.run(c, podman.run(image, *PROGRAM, "major", FILLED, options=fill, restricted=True), quiet=True)
    try:
        require_room(image, volume, new)
        exchange(c, image, volume, new)
    finally:
        shell.run(c, podman.volume_rm(new), quiet=True)
