"""The release that serves: its pod file and its images, kept until another start of the pod is healthy."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from invoke import Context

from tasklib.core import podman, shell
from tasklib.core.manifest import Manifest
from tasklib.core.project import BUILD, Project
from tasklib.core.services import ESSENTIAL, SERVICES
from tasklib.pod import state


def file(project: Project) -> Path:
    """The pod file of the release, whose images are named by their ids."""
    return BUILD / f"{project.name}.serving.yaml"


def tag(project: Project, image: str) -> str:
    """The name that keeps an image of the release from being pruned."""
    return f"{project.image(image)}:serving-{project.name}"


def last(project: Project) -> Project | None:
    """The release that was healthy last; None if there is none yet."""
    return replace(project, played=file(project)) if file(project).exists() else None


def running(project: Project) -> Project | None:
    """The release to return to if another one fails: the running one if it serves, else the one that served last.

    None for a pod that was taken down on purpose, after which nothing served.
    """
    containers = state.state(project)
    written = BUILD / f"{project.name}.yaml"
    if all(containers.get(service, {}).get("State", {}).get("Running") for service in ESSENTIAL):
        # `podman kube play` alone starts what the tasks wrote, or pod.yaml, and leaves no record.
        origin = replace(project, played=written) if written.exists() else project
        if not is_kept(project, containers) and state.healthy(project, [*ESSENTIAL]) == {*ESSENTIAL}:
            keep(origin, containers)
    return last(project) if containers else None


def is_kept(project: Project, containers: state.Containers) -> bool:
    """Whether the release that was healthy last is the one that runs."""
    release = last(project)
    if not release:
        return False
    kept = {name: container["image"] for name, container in release.manifest.containers.items()}
    return (kept, release.manifest.annotation(state.ANNOTATION)) == (images(containers), state.annotation(containers))


def images(containers: state.Containers) -> dict[str, str]:
    """The id of the image of each container."""
    return {service: container["Image"] for service, container in containers.items()}


def keep(project: Project, containers: state.Containers) -> None:
    """Keep the pod file and the images of what runs, instead of those before."""
    for service, image in images(containers).items():
        shell.capture(podman.tag(image, tag(project, service)))
    pod = project.manifest.with_images(images(containers)).with_annotation(
        state.ANNOTATION, state.annotation(containers)
    )
    shell.write(file(project), pod.dump())


def keep_healthy(project: Project) -> None:
    """Keep the release that has just become healthy, unless it is kept already."""
    containers = state.state(project)
    if not is_kept(project, containers):
        keep(project, containers)


def differences(former: Manifest, later: Manifest, ids: Mapping[str, str]) -> Iterator[str]:
    """A line for each difference of a later pod, of images with these ids; without values, which may be secrets."""
    yield from changes("", former.containers, later.containers, deep=False)
    for service in former.containers.keys() & later.containers.keys():
        before, after = former.containers[service], later.containers[service] | {"image": ids.get(service)}
        yield from changes(f"{service}: ", before | {"env": None}, after | {"env": None})
        yield from changes(f"{service}: variable ", former.variables(service), later.variables(service))


def changes(what: str, before: Mapping[str, Any], after: Mapping[str, Any], deep: bool = True) -> Iterator[str]:
    """A line for each key that one of two mappings lacks or, if `deep`, that has another value."""
    for key in {**before, **after}:
        if key not in before or key not in after:
            yield f"{what}{key} {'goes' if key in before else 'is new'}"
        elif deep and before[key] != after[key]:
            yield f"{what}{key} differs"


def forget(c: Context, project: Project) -> None:
    """Remove the record and its names of images. The pod must be gone: Podman removes what uses an image with it."""
    shell.run(c, podman.image_rm(*(tag(project, image) for image in SERVICES)), quiet=True)
    if not c.config.run.dry:
        file(project).unlink(missing_ok=True)
