"""The menu: every task that a person can run. What they lean on is in tasklib/."""

import os
import shlex
from pathlib import Path

from invoke import Context, task

from tasklib import access, lifecycle, project
from tasklib import build as images
from tasklib import clean as cleaning
from tasklib import status as page
from tasklib import wheels as vendor
from tasklib.menu import NamedTask

# Tasks work from any folder, and the commands that they show can be pasted as they are.
os.chdir(Path(__file__).parent)


@task
def wheels(c: Context) -> None:
    """Download and compile every locked package into wheels/, so that builds need no index."""
    for image in ["base", "wheels"]:
        images.build(c, project.this(c), image)
    vendor.vendor(c, project.this(c))


@task(klass=NamedTask, help={"name": "one image, instead of all", "cache": "use what earlier builds left"})
def build(c: Context, name: str | None = None, cache: bool = True) -> None:
    """Build the images, and make the secrets that the pod needs."""
    images.build(c, project.this(c), name, cache)


@task
def up(c: Context) -> None:
    """Start the pod and wait until it is healthy; does nothing where it is already."""
    lifecycle.up(c, project.this(c))
    page.show(c, project.this(c))


@task
def down(c: Context) -> None:
    """Stop the pod in order and remove it; the data stays."""
    lifecycle.down(c, project.this(c))


@task(klass=NamedTask, help={"name": "one container, instead of the pod"})
def restart(c: Context, name: str | None = None) -> None:
    """Stop and start the pod or one container, and wait until all is healthy."""
    lifecycle.restart(c, project.this(c), name)
    page.show(c, project.this(c))


@task
def status(c: Context) -> None:
    """Show each part of the pod, its state and where it answers."""
    page.show(c, project.this(c))


@task(
    klass=NamedTask,
    help={
        "name": "one service, instead of all",
        "follow": "go on with new lines until Ctrl-C",
        "request-id": "only the lines of this request",
        "lines": "how many of the last lines",
    },
)
def logs(c: Context, name: str | None = None, follow: bool = False, request_id: str = "", lines: int = 100) -> None:
    """Show the lines of the pod, oldest first."""
    access.logs(c, project.this(c), name, follow, request_id, lines)


@task(klass=NamedTask, help={"name": "one container, instead of the server"})
def shell(c: Context, name: str | None = None) -> None:
    """Open the interactive tool of a container: Django's shell, psql, or Python."""
    access.shell(c, project.this(c), name or "server")


@task(help={"args": "the command of manage.py and its options, as one word"})
def manage(c: Context, args: str = "help") -> None:
    """Run a command of Django's manage.py beside the pod, as the role that may change tables."""
    access.manage(c, project.this(c), shlex.split(args))


@task
def fresh(c: Context) -> None:
    """Delete the data of the database and start with the known state of the image."""
    lifecycle.fresh(c, project.this(c))
    page.show(c, project.this(c))


@task(help={"data": "delete the data and secrets as well"})
def clean(c: Context, data: bool = False) -> None:
    """Remove the pod, its images, the vendored wheels and what the tasks wrote; the data stays."""
    cleaning.clean(c, project.this(c), data)
