"""A download of the tree, which lacks git's folder and may lack the executable bits, is as good as a checkout."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tasklib.testing import tree


@pytest.fixture
def download(tmp_path):
    """The files of the tree, none of which can be executed, and one that git would ignore."""
    for name in tree.files():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(Path(name).read_bytes())
        path.chmod(0o644)
    (tmp_path / "build").mkdir()
    (tmp_path / "build/left.yaml").touch()
    return tmp_path


def test_files_of_a_download_are_those_of_the_checkout(download):
    assert sorted(tree.files(download)) == sorted(tree.files())


def test_tasks_of_a_download_run(download):
    command = [sys.executable, "-m", "invoke", "--list"]
    assert subprocess.run(command, cwd=download, env=os.environ, capture_output=True, check=False).returncode == 0
