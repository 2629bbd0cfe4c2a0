"""A software bill of materials for each image of the pod, in the format of https://cyclonedx.org"""

from pathlib import Path

from invoke import Context

from tasklib.core import podman, shell
from tasklib.core.project import BUILD, Project
from tasklib.core.services import IN_EVERY_POD
from tasklib.images import store
from tasklib.testing.containers import in_test_image

FOLDER = BUILD / "sbom"
CONTENTS = Path(__file__).with_name("contents.py")


def write_all(c: Context, project: Project) -> None:
    """Write build/sbom/NAME.cdx.json for each image. Raises Exit."""
    store.require_images(project, [*IN_EVERY_POD, "test"])
    for name in IN_EVERY_POD if not c.config.run.dry else ():
        contents = shell.output(read(project, name), CONTENTS.read_text())
        print(shell.write(FOLDER / f"{name}.cdx.json", shell.output(make(project, name), contents)))


def read(project: Project, name: str) -> shell.Words:
    """Run a program in an image, given on standard input."""
    options = ["--interactive", "--network", "none", "--read-only", "--entrypoint", "python3"]
    return podman.run(project.image(name), "-", options=options)


def make(project: Project, name: str) -> shell.Words:
    """Make the document of what is given on standard input."""
    return in_test_image(project, ["python3", "-m", "tasklib.testing.bill", name], "--interactive")
