"""Images that a deletable part of the project brings along, described by that part."""

from collections.abc import Mapping
from dataclasses import dataclass

from invoke import Context

from tasklib.core import podman
from tasklib.core.project import Project
from tasklib.images import build, host_settings, store, wheels

LABEL = "extra"  # by which `inv clean` finds such images


@dataclass(frozen=True)
class Extra:
    """An image: its Containerfile, the image behind each of its build arguments, and the task that builds it."""

    name: str
    containerfile: str
    grows_from: Mapping[str, str]
    task: str


def build_extra(c: Context, project: Project, extra: Extra) -> None:
    """Build the image from those of the project, which must be there. Raises Exit."""
    store.require_images(project, [*extra.grows_from.values()])
    wheels.verify()
    settings = host_settings.secrets()
    build.one(c, podman.build(recipe(project, extra), secrets=settings), extra.name, again=extra.task)


def recipe(project: Project, extra: Extra) -> podman.Recipe:
    """The recipe of the image: its Containerfile, its parents and its label."""
    args = {argument: project.image(parent) for argument, parent in extra.grows_from.items()}
    if wheels.vendored():
        args |= wheels.OFFLINE
    label = {LABEL: project.prefix}
    return podman.Recipe(extra.containerfile, project.image(extra.name), project.prefix, args=args, labels=label)
