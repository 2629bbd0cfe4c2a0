"""Starting the pod until it is healthy, and stopping it without losing requests or lines."""

import shlex
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from invoke import Context, Exit
from invoke.exceptions import UnexpectedExit

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.core.services import SERVICES, require_known, stop_order
from tasklib.images import store
from tasklib.pod import network, preflight, readiness, release, state
from tasklib.volumes import consent, contents, kept

# A container that is just starting may not hear that it shall stop.
REMOVAL_SECONDS = 5
# What has served before is waited for longer than something new.
FORMER_SECONDS = 300


def up(c: Context, project: Project) -> list[str]:
    """Start the pod, unless it runs with these settings and images, and wait until it serves.

    Return the services that are not healthy, without which the pod serves. Raises Exit.
    """
    project = state.as_it_runs(project)
    is_current = state.is_current(project, store.require_images(project, project.manifest.services))
    if not is_current or network.is_cut_off(c, project):
        return replace(c, project)
    ill = readiness.wait_until_healthy(c, project)
    settle(c, project)
    return ill


def replace(c: Context, project: Project, change: AbstractContextManager[object] | None = None) -> list[str]:
    """Stop the running pod, make a change to its data, and start the pod anew; if that fails, return to what served.

    Return the services that are not healthy, without which the pod serves. Raises Exit.
    """
    images = preflight.require(c, project)
    before = None if c.config.run.dry else release.running(project)
    for line in release.differences(before.manifest, project.manifest, images) if before else []:
        print(line)
    begin = time.monotonic()
    try:
        stop(c, before or project)
        with change or nullcontext():
            ill = play(c, project)
    except (Exit, KeyboardInterrupt, UnexpectedExit) as error:
        if not before:
            raise
        raise ending(error, play_again(before, begin)) from error
    settle(c, project)
    return ill


def ending(error: BaseException, words: str) -> BaseException:
    """The same end of a task, with words on the former pod in its last line."""
    if not isinstance(error, Exit):
        print(words)
        return error
    reason, dash, remedy = str(error.message).rpartition(" - ")
    return Exit(f"{reason or remedy} - {words}{f'; {remedy}' if dash else ''}", error.code)


def play_again(former: Project, begin: float) -> str:
    """Start the release that served last; return how that went, in words."""
    print(f"starting the former pod again: {shlex.join(started(former))}")
    remove(former, [])
    with shell.interrupts_held():
        shell.capture(started(former), detached=True)
        try:
            readiness.wait_for(former, readiness.Watch(former).essential, FORMER_SECONDS)
        except Exit:
            return "the former pod does not serve either: inv status"
    newer = " on a database that has migrations of the later one" if readiness.is_newer(readiness.parts(former)) else ""
    return f"the former pod serves again{newer}, {time.monotonic() - begin:.0f} s after it was stopped"


def started(project: Project) -> shell.Words:
    """Start a pod, marked by the file that it is started from."""
    annotation = f"{state.ANNOTATION}={state.fingerprint(project)}"
    return podman.kube_play(project.file(), annotation=annotation, network=network.option())


def settle(c: Context, project: Project) -> None:
    """Keep a healthy pod as the release to return to, and say what its clients should know."""
    if not c.config.run.dry:
        release.keep_healthy(project)
        network.warn_if_shared(project)


def play(c: Context, project: Project) -> list[str]:
    """Start the pod and wait until it serves; any failure, Ctrl-C too, removes it again.

    Return the services that are not healthy, without which the pod serves. Raises Exit.
    """
    new = [claim for claim in project.manifest.claims if shell.capture(podman.volume_exists(claim)).returncode]
    try:
        shell.run(c, started(project), quiet=True)
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
    if not shell.capture(podman.pod_exists(project.name)).returncode:
        stop(c, state.as_it_runs(project))


def stop(c: Context, project: Project) -> None:
    """Stop the containers in order and remove the pod, where it exists."""
    if shell.capture(podman.pod_exists(project.name)).returncode:
        return
    seconds = project.manifest.grace_seconds
    for service in stop_order(project.manifest.services):
        shell.run(c, podman.stop(project.container(service), seconds), quiet=True, warn=True)
    shell.run(c, podman.kube_down(project.file()), quiet=True)
    # Podman leaves the secrets' files behind, and the next start would mount the old ones.
    shell.run(c, podman.volume_rm(*project.manifest.secrets), quiet=True)


def restart(c: Context, project: Project, service: str | None) -> list[str]:
    """Restart the pod, or restart or start one container, and wait until the pod serves.

    Return the services that are not healthy, without which the pod serves. Raises Exit.
    """
    if service:
        require_known("service", service, SERVICES)
    project = state.as_it_runs(project)
    if not service:
        return replace(c, project)
    state.require_existing(project, service)
    shell.run(c, podman.restart(project.container(service), project.manifest.grace_seconds), quiet=True)
    return readiness.wait_until_healthy(c, project)


def fresh(c: Context, project: Project, yes: bool) -> list[str]:
    """Reset the database to the state of its image, without a restart if the pod is current.

    Return the services that are not healthy, without which the pod serves. Raises Exit.
    """
    data = f"{project.name}-db-data"
    project = state.as_it_runs(project)
    images = store.require_images(project, project.manifest.services)
    consent.require(c, yes, [f"the data of {volume}" for volume in kept.described([data]) if contents.exists(data)])
    if state.is_current(project, images):
        again = podman.execute(project.container("db"), "python3", "-m", "dbtools.fresh")
        if shell.run(c, again, quiet=True, warn=True).ok:
            return readiness.wait_until_healthy(c, project)
    return replace(c, project, renewed(c, project))


def remove(project: Project, new: list[str]) -> None:
    """Remove a pod that failed to start, and volumes that are `new`; keep all other data.

    Filling a new volume from its image may have been interrupted, and the next start would use it as it is.
    """
    volumes = [*project.manifest.secrets, *project.manifest.scratch, *new]
    # A second Ctrl-C must interrupt neither this program nor Podman.
    with shell.interrupts_held():
        shell.capture(podman.pod_rm(project.name, REMOVAL_SECONDS), detached=True)
        shell.capture(podman.volume_rm(*volumes), detached=True)


@contextmanager
def renewed(c: Context, project: Project) -> Iterator[None]:
    """Give a stopped pod the data of the image. Raises Exit."""
    contents.renew(c, project.image("db"), f"{project.name}-db-data")
    yield
