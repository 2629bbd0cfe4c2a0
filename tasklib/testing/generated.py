"""The file that is generated from code: the OpenAPI description."""

from invoke import Context

from tasklib.core import shell
from tasklib.core.project import Project
from tasklib.images import store
from tasklib.testing.containers import in_test_image

# What is written from code, and compared with --check.
DESCRIBE = ["python3", "-m", "openapi.generate"]


def describe(c: Context, project: Project) -> None:
    """Write the OpenAPI description of the API. Raises Exit."""
    store.require_images(project, ["test"])
    shell.run(c, in_test_image(project, DESCRIBE))
