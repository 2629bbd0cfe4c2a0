"""Which packages of the project may import which: conventions stand on the runtime, applications on both."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2]
PACKAGES = {folder.parent.name for folder in SOURCE.glob("*/__init__.py")}
MAY_IMPORT = {
    "runtime": set(),
    "api": {"runtime"},
    "protocol": {"api", "runtime"},
    "fulltext": set(),
    "health": {"api", "runtime"},
    "account": {"api", "runtime"},
    "idempotency": {"api", "runtime"},
}
# They bring the applications together; all else in config/ names them in strings.
ENTRIES = {"settings.py", "urls.py", "wsgi.py"}


def sources(package):
    return [path for path in SOURCE.glob(f"{package}/**/*.py") if "tests" not in path.parts]


def imported(path):
    """Yield the first name of each import of a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.split(".")[0]


def others(package, files):
    """The packages of the project that some files import, but for their own."""
    return {name for path in files for name in imported(path)} & PACKAGES - {package}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_package_imports_only_what_is_below_it(package):
    assert others(package, sources(package)) <= MAY_IMPORT[package]


def test_configuration_imports_no_application():
    assert others("config", [path for path in sources("config") if path.name not in ENTRIES]) == set()


@pytest.mark.parametrize("package", ["api", "protocol", "runtime"])
def test_conventions_have_no_model(package):
    assert not (SOURCE / package / "models.py").exists()
