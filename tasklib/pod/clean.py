"""Removing everything that the tasks have created."""

import shutil

from invoke import Context

from tasklib.core import podman, shell
from tasklib.core.project import BUILD, Project
from tasklib.core.services import IMAGES
from tasklib.images import extra, wheels
from tasklib.pod import lifecycle, release


def clean(c: Context, project: Project, data: bool) -> None:
    """Remove the pod, images, wheels and files; with `data` the volumes and secrets, which are lost then."""
    if data:
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


def delete_pod(c: Context, project: Project) -> None:
    """Remove the pod with its data and secrets."""
    manifest = project.with_graph().manifest
    lifecycle.down(c, project)
    release.forget(c, project)
    shell.run(c, podman.volume_rm(*manifest.claims), quiet=True)
    shell.run(c, podman.secret_rm(*manifest.secrets), quiet=True)
