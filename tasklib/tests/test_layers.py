"""Each folder of tasklib/ uses those below it, and no folder of the project is too large to take in."""

import ast
import re
from pathlib import Path

import pytest

from tasklib.tests.test_tree import PATHS

# The lowest first: a module imports from its own folder and from those before it.
ORDER = ["core", "machine", "images", "volumes", "pod", "status", "database", "testing", "ownership"]
MOST_MODULES = 12
TOPS = [path.parent for path in Path().glob("*/__init__.py")]
# Tests and migrations are read one at a time.
PROGRAMS = [
    Path(path)
    for path in PATHS
    if path.endswith(".py") and not re.search(r"(^|/)(tests|migrations)/|/test_|^system-test/|__init__\.py$", path)
]
FOLDERS = sorted({path.parent for path in PROGRAMS})
MODULES = [path for name in ORDER for path in sorted(Path("tasklib", name).rglob("*.py"))]


def imported(path):
    """The modules of this project that a file imports, as lists of names."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    names += [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return [parts for parts in (name.split(".") for name in names) if parts[0] in ("tasks", *map(str, TOPS))]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_module_imports_from_its_folder_or_below(path):
    allowed = ORDER[: ORDER.index(path.parts[1]) + 1]
    assert [parts for parts in imported(path) if parts[0] != "tasklib" or parts[1] not in allowed] == []


def test_every_folder_has_its_layer():
    assert {path.name for path in Path("tasklib").iterdir() if path.is_dir()} - {"tests", "__pycache__"} == {*ORDER}


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_folder_has_few_modules(folder):
    assert len([path for path in PROGRAMS if path.parent == folder]) <= MOST_MODULES


@pytest.mark.parametrize("name", ORDER)
def test_folder_says_what_belongs_in_it(name):
    assert ast.get_docstring(ast.parse(Path("tasklib", name, "__init__.py").read_text()))
