"""An owner's application may have the name of any module of the project: none of these is at the top of the path."""

import pytest

from support.checkout import Checkout
from support.commands import run
from support.copies import Copy
from support.pods import IMAGES, ROOT, own_name
from tasklib.core.project import Project
from tasklib.testing.containers import in_test_image

NAMES = ["events", "store", "search", "archive", "stats", "log", "view", "components", "panels", "resources"]
SETTINGS = "services/server/src/config/settings.py"
FILES = {
    "__init__.py": "",
    "models.py": """
from django.db import models


class Entry(models.Model):
    text = models.CharField(max_length=10)
""",
    "tests/__init__.py": "",
    "tests/test_models.py": """
from {name}.models import Entry


def test_application_is_the_owners():
    assert Entry._meta.app_label == "{name}"
""",
}


@pytest.fixture(scope="module")
def owned(tmp_path_factory):
    """A copy of the tree with an application of each name."""
    copy = Copy(tmp_path_factory.mktemp("owned"), own_name(), IMAGES)
    copy.copy_files(ROOT)
    for name in NAMES:
        for file, text in FILES.items():
            path = copy.folder / "services/server/src" / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.format(name=name))
    applications = "".join(f'    "{name}",\n' for name in NAMES)
    copy.replace(SETTINGS, "INSTALLED_APPS = [\n", f"INSTALLED_APPS = [\n{applications}")
    return copy


def outcome(copy: Checkout, *command: str, folder: str = ""):
    """Run a command of the test image in a folder of the copy."""
    project = Project(copy.name, images=IMAGES)
    return run(*in_test_image(project, [*command], "--workdir", f"/repo/{folder}"), cwd=copy.folder)


def test_settings_take_the_applications(owned):
    result = outcome(owned, "python3", "services/server/src/manage.py", "check")
    assert result.code == 0, result.output


def test_every_test_is_collected(owned):
    result = outcome(owned, "pytest", "--collect-only", "-q", "--numprocesses=0", folder="services")
    assert result.code == 0, result.output
    assert [name for name in NAMES if f"src/{name}/tests/test_models.py" not in result.output] == []


def test_types_are_those_of_the_applications(owned):
    result = outcome(owned, "mypy", ".")
    assert result.code == 0, result.output
