"""A staging volume: a second data volume that is filled and tried beside the pod, then swapped with the pod's own."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from invoke import Context, Exit
from invoke.exceptions import UnexpectedExit

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.database import backup_file, inventory
from tasklib.pod import lifecycle
from tasklib.volumes import contents, kept

DATA = "/var/lib/postgresql/data"
CONFIG = "config_file=/etc/postgresql/postgresql.conf"
READY_SECONDS = 60
# PostgreSQL writes all data to disk when it stops; a shorter time would kill it before the end.
STOP_SECONDS = 600
# In a database that nothing is restored into: the staging volume that the running cluster comes from.
MARK = "COMMENT ON DATABASE postgres IS '{}'"
READ_MARK = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'postgres'"


def claim(project: Project) -> str:
    """The name of the pod's data volume."""
    return f"{project.name}-db-data"


@contextlib.contextmanager
def volume(c: Context, project: Project) -> Iterator[str]:
    """The name of a new volume, which is removed if the caller fails, or by the next one if it is killed."""
    for left in kept.staged(claim(project)):
        shell.run(c, podman.rm(left), quiet=True)
        shell.run(c, podman.volume_rm(left), quiet=True)
    name = f"{claim(project)}-{datetime.now(UTC):{backup_file.TIME}}"
    try:
        yield name
    except BaseException:
        with shell.interrupts_held():
            shell.capture(podman.rm(name), detached=True)
            shell.capture(podman.volume_rm(name), detached=True)
        raise
    finally:
        shell.run(c, podman.rm(name), quiet=True)


@contextlib.contextmanager
def running(c: Context, project: Project, name: str, settings: dict[str, str]) -> Iterator[str]:
    """A container of the db image without a network, on a volume of the same name, stopped cleanly at the end.

    Raises Exit if it does not start.
    """
    shell.run(c, serve(project.image("db"), name, name, settings), quiet=True)
    if not is_ready(c, name):
        print(shell.last_lines(shell.capture(podman.logs(name, 15)).stderr))
        raise Exit(
            "PostgreSQL did not start on the new volume (above: its last lines) - look at the machine: inv doctor"
        )
    yield name
    shell.run(c, [*inventory.psql(name, "postgres", "postgres"), f"--command={MARK.format(name)}"], quiet=True)
    shell.run(c, podman.stop(name, STOP_SECONDS), quiet=True)


def is_ready(c: Context, name: str) -> bool:
    """Whether the PostgreSQL of a container accepts connections within READY_SECONDS."""
    ready = podman.execute(name, "pg_isready", "--quiet")
    return c.config.run.dry or not shell.until(
        lambda: name if shell.capture(ready).returncode else "", READY_SECONDS, "waiting"
    )


def serve(image: str, name: str, data: str, settings: dict[str, str]) -> shell.Words:
    """Run PostgreSQL on a volume without a network and without passwords, which the start of the pod sets."""
    options = [
        *("--detach", "--name", name, "--network", "none", "--shm-size", "256m"),
        *("--entrypoint", "postgres", "--stop-signal", "SIGINT", "--volume", f"{data}:{DATA}"),
        *("--tmpfs", "/run/postgresql:mode=1777", "--tmpfs", "/tmp:mode=1777"),
    ]
    words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    return podman.run(image, "-c", CONFIG, *words, options=options, restricted=True)


def require_replaceable(project: Project, replace: bool, again: str) -> None:
    """Raise Exit if the pod has data and `replace` was not given; with it, say what will be deleted."""
    if not replace and has_data(project):
        raise Exit(f"volume {claim(project)} holds data - to keep it under another name and go on: {again} --replace")
    for volume in kept.described(kept.before(claim(project)) if replace else []):
        print(f"{volume} holds data from before, and is deleted once the present data is kept in its place")


def delete_older(c: Context, project: Project) -> None:
    """Delete the data from before that earlier tasks have kept, except the last."""
    kept.delete(c, project.image("db"), kept.before(claim(project))[:-1])


def has_data(project: Project) -> bool:
    """Whether the pod has data. Raises Exit."""
    return bool(contents.major(project.image("db"), claim(project)))


def swap(c: Context, project: Project, name: str, fill: Callable[[], None] = lambda: None) -> list[str]:
    """Swap the data of this volume, filled when the pod has stopped, with the pod's.

    If the pod does not serve it then, swap them back and start what served before. Return the services that are not
    healthy, without which the pod serves. Raises Exit.
    """
    own, had_data = claim(project), has_data(project)
    if contents.exists(name):
        contents.require_room(project.image("db"), own, name)
    ill = lifecycle.replace(c, project, swapped(c, project, name, fill))
    if had_data:
        (kept_volume,) = kept.described([name])
        print(f"the previous data is in the {kept_volume} - to delete it: podman volume rm {name}")
    else:
        shell.run(c, podman.volume_rm(name), quiet=True)
    return ill


@contextlib.contextmanager
def swapped(c: Context, project: Project, name: str, fill: Callable[[], None]) -> Iterator[None]:
    """Swap the data of this volume with the pod's, and swap them back if the pod does not serve it. Raises Exit."""
    image, own = project.image("db"), claim(project)
    fill()
    contents.require_room(image, own, name)
    is_new = not contents.exists(own)
    if is_new:
        shell.run(c, podman.volume_create(own), quiet=True)
    try:
        contents.exchange(c, image, own, name)
        try:
            yield
            require_restored(c, project, name)
        except (Exit, KeyboardInterrupt, UnexpectedExit):
            lifecycle.down(c, project)
            contents.exchange(c, image, own, name)
            raise
    except (Exit, KeyboardInterrupt, UnexpectedExit):
        if is_new:
            shell.run(c, podman.volume_rm(own), quiet=True)
        raise


def require_restored(c: Context, project: Project, name: str) -> None:
    """Raise Exit unless the running database is the one that was made on a staging volume."""
    if c.config.run.dry:
        return
    mark = shell.capture([*inventory.psql(project.container("db"), "postgres", "postgres"), f"--command={READ_MARK}"])
    if mark.stdout.strip() != name:
        raise Exit(
            f"the pod does not serve the data of volume {name} - look at where its volumes are: podman volume ls"
        )
