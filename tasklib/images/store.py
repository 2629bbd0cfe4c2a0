"""The images that Podman has."""

from invoke import Exit

from tasklib.core import podman, shell
from tasklib.core.project import Project


def require_images(project: Project, names: list[str]) -> dict[str, str]:
    """Return the id of each of these images, by name; raise Exit for the first that Podman does not have."""
    images = {name: project.image(name) for name in names}
    image_ids = ids(*images.values())
    for image in images.values():
        if image not in image_ids:
            raise Exit(f"no image {image} - build it with: inv build")
    return {name: image_ids[image] for name, image in images.items()}


def ids(*images: str) -> dict[str, str]:
    """The id of each of these images that Podman has."""
    lines = [line.split() for line in shell.capture(podman.image_ids(*images)).stdout.splitlines()]
    return {name: id_ for id_, *tags in lines for name in images if f"{name}:latest" in tags}


def created(image: str) -> str:
    """The day on which an image was made; empty if Podman does not have it."""
    return shell.capture(podman.image_inspect(image, '{{.Created.Format "2006-01-02"}}')).stdout.strip()
