"""Podman's commands as lists of words. Pure: nothing here runs anything."""

from collections.abc import Mapping
from pathlib import Path

from tasklib.shell import Words

PODMAN = "podman"


def build(
    file: str,
    tag: str,
    *,
    target: str = "",
    args: Mapping[str, str] | None = None,
    secrets: Mapping[str, Path] | None = None,
    cache: bool = True,
) -> Words:
    """Build an image from the repository; `secrets` are files that no layer keeps, by their id."""
    return [
        *(PODMAN, "build", "--file", file, "--tag", tag),
        *(["--target", target] if target else []),
        *(word for key, value in (args or {}).items() for word in ("--build-arg", f"{key}={value}")),
        *(word for key, path in (secrets or {}).items() for word in ("--secret", f"id={key},src={path}")),
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


def image_list() -> Words:
    """Print the short id of every image, those without a name as well."""
    return [PODMAN, "image", "ls", "--all", "--quiet"]


def image_ids(*images: str) -> Words:
    """Print a line for each image that exists: its id and its names."""
    return [PODMAN, "image", "inspect", "--format", "{{.Id}}{{range .RepoTags}} {{.}}{{end}}", *images]


def image_rm(*images: str) -> Words:
    return [PODMAN, "image", "rm", "--force", "--ignore", *images]


def kube_play(file: Path | str, *, annotation: str = "") -> Words:
    return [PODMAN, "kube", "play", "--quiet", *(["--annotation", annotation] if annotation else []), str(file)]


def kube_down(file: Path | str) -> Words:
    return [PODMAN, "kube", "down", str(file)]


def stop(container: str, seconds: int) -> Words:
    return [PODMAN, "stop", "--time", str(seconds), container]


def restart(container: str, seconds: int) -> Words:
    return [PODMAN, "restart", "--time", str(seconds), container]


def healthcheck(container: str) -> Words:
    return [PODMAN, "healthcheck", "run", container]


def inspect(*containers: str) -> Words:
    return [PODMAN, "container", "inspect", *containers]


def pod_exists(name: str) -> Words:
    return [PODMAN, "pod", "exists", name]


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


def volume_exists(name: str) -> Words:
    return [PODMAN, "volume", "exists", name]


def volume_rm(*volumes: str) -> Words:
    return [PODMAN, "volume", "rm", "--force", *volumes]


def secret_list() -> Words:
    """Print the name of every secret."""
    return [PODMAN, "secret", "ls", "--format", "{{.Name}}"]


def secret_rm(*names: str) -> Words:
    return [PODMAN, "secret", "rm", "--ignore", *names]


def run(image: str, *command: str, options: Words) -> Words:
    """Run a container that is gone when its command ends."""
    return [PODMAN, "run", "--rm", *options, image, *command]


def unshare() -> Words:
    """Before a command: run it among the users of the containers, where the caller is root."""
    return [PODMAN, "unshare"]
