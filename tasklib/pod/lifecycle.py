"""Starting the pod until it is healthy, and stopping it without losing requests or lines."""

from invoke import Context, Exit
from invoke.exceptions import UnexpectedExit

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.core.services import SERVICES, require_known, stop_order
from tasklib.images import store
from tasklib.pod import network, preflight, readiness, state
from tasklib.volumes import contents

# A container that is just starting may not hear that it shall stop.
REMOVAL_SECONDS = 5


def up(c: Context, project: Project) -> list[str]:
    """Start the pod, unless it runs with these settings and images, and wait until it serves.

    Return the services that are not healthy, without which the pod serves. Raises Exit.
    """
    project = state.as_it_runs(project)
    images = store.require_images(project, project.manifest.services)
    if not state.is_current(project, images):
        return replace(c, project)
    ill = readiness.wait_until_healthy(c, project)
    network.warn_if_shared(project)
    return ill


def replace(c: Context, project: Project) -> list[str]:
    """Stop the pod and start it anew; stop nothing if it is known that it could not be started.

    Return the services that are not healthy, without which the pod serves. Raises Exit.
    """
    preflight.require(c, project)
    down(c, project)
    ill = play(c, project)
    network.warn_if_shared(project)
    return ill


def play(c: Context, project: Project) -> list[str]:
    """Start the pod and wait until it serves; any failure, Ctrl-C too, removes it again.

    Return the services that are not healthy, without which the pod serves. Raises Exit.
    """
    new = [claim for claim in project.manifest.claims if shell.capture(podman.volume_exists(claim)).returncode]
    try:
        annotation = f"{state.ANNOTATION}={state.fingerprint(project)}"
        shell.run(c, podman.kube_play(project.file(), annotation=annotation, network=network.option()), quiet=True)
        ill = readiness.wait_until_healthy(c, project)
        begin_archive(c, project)
    except UnexpectedExit as error:
        remove(project, new)
        raise Exit(f"the pod was not started: {shell.last_lines(error.result.stderr, 1)} - type: inv doctor") from error
    except (Exit, KeyboardInterrupt):
        remove(project, new)
        raise
    return ill


def begin_archive(c: Context, project: Project) -> None:
    """Take the first base backup, which every recovery starts from; the pod goes on even if that fails."""
    if project.archive:
        words = podman.execute(project.container("db"), "python3", "-m", "dbtools.archive", "begin")
        result = shell.run(c, words, quiet=True, warn=True)
        if result.failed:
            print(f"no base backup was taken: {shell.last_lines(result.stderr, 1)} - try again: inv db.archive")


def down(c: Context, project: Project) -> None:
    """Stop the containers in order and remove the pod; keep the data."""
    if shell.capture(podman.pod_exists(project.name)).returncode:
        return
    project = state.as_it_runs(project)
    seconds = project.manifest.grace_seconds
    for service in stop_order(project.manifest.services):
        shell.run(c, podman.stop(project.container(service), seconds), quiet=True, warn=True)
    shell.run(c, podman.kube_down(project.file()), quiet=True)
    # Podman leaves the secrets' files behind, and the next start would mount the old ones.
    shell.run(c, podman.volume_rm(*project.manifest.secrets), quiet=True)


def restart(c: Context, project: Project, service: str | None) -> list[str]:
    """Restart the pod, or restart or start one of its containers, and wait until the pod serves.

    Return the services that are not healthy, without which the pod serves. Raises Exit.
    """
    if service:
        require_known("service", service, SERVICES)
    project = state.as_it_runs(project)
    if not service:
        return replace(c, project)
    state.require_existing(project, service)
    seconds = project.manifest.grace_seconds
    shell.run(c, podman.restart(project.container(service), seconds), quiet=True)
    return readiness.wait_until_healthy(c, project)


def fresh(c: Context, project: Project) -> list[str]:
    """Reset the database to the state of its image, without a restart if the pod is current.

    Return the services that are not healthy, without which the pod serves. Raises Exit.
    """
    project = state.as_it_runs(project)
    images = store.require_images(project, project.manifest.services)
    if state.is_current(project, images):
        again = podman.execute(project.container("db"), "python3", "-m", "dbtools.fresh")
        if shell.run(c, again, quiet=True, warn=True).ok:
            return readiness.wait_until_healthy(c, project)
    preflight.require(c, project)
    down(c, project)
    contents.renew(c, project.image("db"), f"{project.name}-db-data")
    return up(c, project)


def remove(project: Project, new: list[str]) -> None:
    """Remove a pod that failed to start, and volumes that are `new`; keep all other data.

    Filling a new volume from its image may have been interrupted, and the next start would use it as it is.
    """
    volumes = [*project.manifest.secrets, *project.manifest.scratch, *new]
    # A second Ctrl-C must interrupt neither this program nor Podman.
    with shell.interrupts_held():
        shell.capture(podman.pod_rm(project.name, REMOVAL_SECONDS), detached=True)
        shell.capture(podman.volume_rm(*volumes), detached=True)
