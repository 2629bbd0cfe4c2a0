"""Removing everything that the tasks have created."""

import shutil

from invoke import Context, Exit

from tasklib.core import podman, shell
from tasklib.core.project import BUILD, Project
from tasklib.core.services import IMAGES
from tasklib.images import extra, wheels
from tasklib.pod import lifecycle, release
from tasklib.volumes import consent, contents, kept


def clean(c: Context, project: Project, data: bool, yes: bool = False) -> None:
    """Remove the pod, images, wheels and files; with `data` the volumes and secrets too. Raises Exit."""
    if data:
        consent.require(c, yes, losses(project))
        delete_pod(c, project)
    else:
        lifecycle.down(c, project)
    release.forget(c, project)
    if project.prefix == project.name:  # else they are another copy's
        images = [project.image(image) for image in ["debian", "grafana", *IMAGES]]
        majors = shell.capture(podman.image_names(f"reference={project.image('db')}")).stdout.split()
        own = project.image("db")
        majors = [name for name in majors if name.startswith(f"{own}:") and name != f"{own}:latest"]
        extras = shell.capture(podman.image_names(f"label={extra.LABEL}={project.prefix}")).stdout.split()
        shell.run(c, podman.image_rm(*images, *majors, *extras), quiet=True)
        shell.run(c, podman.image_prune(project.prefix), quiet=True)
    if not c.config.run.dry:
        wheels.clear()
        shutil.rmtree(BUILD, ignore_errors=True)


def losses(project: Project) -> list[str]:
    """All that goes with the data of a pod, in words. Raises Exit if some of it cannot be deleted."""
    volumes = kept.of_pod(project)
    outside = [name for name in volumes if not contents.is_plain(name)]
    if outside and shell.capture(podman.image_exists(project.image("db"))).returncode:
        raise Exit(f"volume {outside[0]} has options, and no image can erase its data - build it: inv build db")
    known = shell.capture(podman.names("secret")).stdout.split()
    secrets = [name for name in project.with_graph().manifest.secrets if name in known]
    return [*kept.described(volumes), *(f"secret {name}" for name in secrets)]


def delete_pod(c: Context, project: Project) -> None:
    """Remove the pod with its data and secrets."""
    lifecycle.down(c, project)
    release.forget(c, project)
    kept.delete(c, project.image("db"), kept.of_pod(project))
    shell.run(c, podman.secret_rm(*project.with_graph().manifest.secrets), quiet=True)
