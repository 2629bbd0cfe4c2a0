"""Files that are generated from code: the OpenAPI description and the dashboards."""

from invoke import Context

from tasklib.core import shell
from tasklib.core.project import Project
from tasklib.images import store
from tasklib.testing.containers import in_test_image

# What is written from code, and compared with --check.
DESCRIBE = ["python3", "-m", "openapi.generate"]
DRAW = ["python3", "services/metrics-graph/draw.py"]


def describe(c: Context, project: Project) -> None:
    """Write the OpenAPI description of the API, and Grafana's dashboards. Raises Exit."""
    store.require_images(project, ["test"])
    shell.run(c, in_test_image(project, DESCRIBE))
    shell.run(c, in_test_image(project, DRAW))
