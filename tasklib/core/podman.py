"""Podman's commands as lists of words. Pure: nothing here runs anything."""

import itertools
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tasklib.core.shell import Words

PODMAN = "podman"
# Podman writes its one file of all secrets in place: Ctrl-C at that instant would empty it, for every pod of this user.
OWN_SESSION = ["setsid", "--wait"]


class Recipe(NamedTuple):
    """The way an image is built from the repository; its cached layers have the label `project` too."""

    file: str
    tag: str
    project: str
    target: str = ""
    args: Mapping[str, str] = {}
    labels: Mapping[str, str] = {}


def build(recipe: Recipe, *, secrets: Mapping[str, Path], cache: bool = True) -> Words:
    """Build an image; `secrets` are files by id, which no layer keeps."""
    labels = {"project": recipe.project, **recipe.labels}
    return [
        *(PODMAN, "build", "--file", recipe.file, "--tag", recipe.tag),
        *(["--target", recipe.target] if recipe.target else []),
        *(word for key, value in recipe.args.items() for word in ("--build-arg", f"{key}={value}")),
        *(word for key, value in labels.items() for word in ("--label", f"{key}={value}")),
        *("--layer-label", f"project={recipe.project}"),
        *(word for key, path in secrets.items() for word in ("--secret", f"id={key},src={path}")),
        *([] if cache else ["--no-cache"]),
        ".",
    ]


def pull(image: str) -> Words:
    # Where no registry answers, that is known at the first try.
    return [PODMAN, "pull", "--quiet", "--retry", "0", image]


def tag(image: str, name: str) -> Words:
    return [PODMAN, "tag", image, name]


def import_image(archive: Path, name: str, *changes: str) -> Words:
    """Make an image of a file system in a tar archive."""
    return [PODMAN, "import", "--quiet", *(w for change in changes for w in ("--change", change)), str(archive), name]


def image_exists(image: str) -> Words:
    return [PODMAN, "image", "exists", image]


def image_inspect(image: str, form: str) -> Words:
    return [PODMAN, "image", "inspect", "--format", form, image]


def image_ids(*images: str) -> Words:
    """Print a line for each image that exists: its id and its names."""
    return [PODMAN, "image", "inspect", "--format", "{{.Id}}{{range .RepoTags}} {{.}}{{end}}", *images]


def image_names(condition: str) -> Words:
    """Print all names, with tags, of the images that meet a condition: `reference=REPOSITORY` or `label=KEY=VALUE`.

    An image that has the repository's name may have others too: another copy's, if both have built the same.
    """
    return [PODMAN, "image", "ls", "--filter", condition, "--format", "{{.Repository}}:{{.Tag}}"]


def image_prune(project: str, *, until: str = "0s") -> Words:
    """Remove the images of a project that have no name and are older than `until`, for instance 24h."""
    return [PODMAN, "image", "prune", "--force", "--filter", f"label=project={project}", "--filter", f"until={until}"]


def image_rm(*images: str) -> Words:
    return [PODMAN, "image", "rm", "--force", "--ignore", *images]


def kube_play(file: Path | str, *, annotation: str = "", network: str = "", start: bool = True) -> Words:
    return [
        *(PODMAN, "kube", "play", "--quiet"),
        *([] if start else ["--start=false"]),
        *(["--annotation", annotation] if annotation else []),
        *(["--network", network] if network else []),
        str(file),
    ]


def kube_down(file: Path | str) -> Words:
    return [PODMAN, "kube", "down", str(file)]


def stop(container: str, seconds: int) -> Words:
    return [PODMAN, "stop", "--time", str(seconds), container]


def start(container: str, *, attach: bool = False) -> Words:
    return [PODMAN, "start", *(["--attach"] if attach else []), container]


def restart(container: str, seconds: int) -> Words:
    return [PODMAN, "restart", "--time", str(seconds), container]


def inspect(*containers: str) -> Words:
    return [PODMAN, "container", "inspect", *containers]


def first_process(container: str) -> Words:
    """Print the id of a container's first process, as this machine numbers it."""
    return [PODMAN, "container", "inspect", "--format", "{{.State.Pid}}", container]


def container_exists(name: str) -> Words:
    return [PODMAN, "container", "exists", name]


def stats(*containers: str) -> Words:
    """Print a line for each container: its name, and the memory that it uses and may use."""
    return [PODMAN, "stats", "--no-stream", "--format", "{{.Name}} {{.MemUsageBytes}}", *containers]


def pod_exists(name: str) -> Words:
    return [PODMAN, "pod", "exists", name]


def pod_network(name: str, field: str) -> Words:
    """Print as JSON a pod's `Networks`, or its `PortBindings`: the addresses on this machine by port of the pod."""
    return [PODMAN, "pod", "inspect", "--format", f"{{{{json .InfraConfig.{field}}}}}", name]


def processes(pod: str) -> Words:
    """Print the first process of each container of a pod, as this machine numbers it."""
    return [PODMAN, "ps", "--filter", f"pod={pod}", "--format", "{{.Pid}}"]


def pod_rm(name: str, seconds: int) -> Words:
    return [PODMAN, "pod", "rm", "--force", "--ignore", "--time", str(seconds), name]


def rm(container: str) -> Words:
    """Remove a container, running or not, with the volumes that only it has."""
    return [PODMAN, "rm", "--force", "--ignore", "--volumes", "--time", "0", container]


def logs(container: str, lines: int) -> Words:
    return [PODMAN, "logs", "--tail", str(lines), container]


def execute(container: str, *command: str, terminal: bool = False) -> Words:
    return [PODMAN, "exec", "--interactive", *(["--tty"] if terminal else []), container, *command]


def names(kind: str, *options: str) -> Words:
    """Print the name of every volume or secret, or of those that options choose."""
    return [PODMAN, kind, "ls", "--format", "{{.Name}}", *options]


def volume_exists(name: str) -> Words:
    return [PODMAN, "volume", "exists", name]


def volume_create(name: str) -> Words:
    return [PODMAN, "volume", "create", name]


def volume_inspect(form: str, *names: str) -> Words:
    """Print a line of this form for each of these volumes that exists."""
    return [PODMAN, "volume", "inspect", "--format", form, *names]


def volume_rm(*volumes: str) -> Words:
    return [PODMAN, "volume", "rm", "--force", *volumes]


def secret_rm(*names: str) -> Words:
    return [*OWN_SESSION, PODMAN, "secret", "rm", "--ignore", *names]


def run(image: str, *command: str, options: Words, restricted: bool = False) -> Words:
    """Run a container that is removed when its command ends; a `restricted` one writes to its volumes alone."""
    # In a pod it would take over the pod's `restartPolicy: Always`, and run its command again and again.
    restrictions = ["--read-only", "--cap-drop", "all"] if restricted else []
    volumes = [source for option, source in itertools.pairwise(options) if option == "--volume"]
    # Where SELinux is on, what is on this machine would have to be labelled anew to be read.
    labels = ["--security-opt", "label=disable"] if any(source.startswith((".", "/")) for source in volumes) else []
    return [PODMAN, "run", "--rm", "--restart", "no", *restrictions, *labels, *options, image, *command]


def among_users(*command: str) -> Words:
    """Run a command on what belongs to the users of containers: an unprivileged caller's have ids that only its user
    namespace may read."""
    return [*([PODMAN, "unshare"] if os.geteuid() else []), *command]
