"""The way in: what is made anew, and what a person without the right Python is told."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path):
    """A checkout of the Makefile with a whole .venv."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for folder in ("requirements", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "requirements/host.txt").touch()
    (tmp_path / ".venv/whole").touch()
    (tmp_path / ".venv/bin/inv").write_text(f"#!{sys.executable}\nprint('Invoke')\n")
    (tmp_path / ".venv/bin/inv").chmod(0o755)
    return tmp_path


def make(folder, *words):
    """Make's end and what it says."""
    command = ["make", "--no-print-directory", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_help_is_the_default(checkout):
    assert [line.split("  ")[0] for line in make(checkout).stdout.splitlines()] == ["make up", "make test"]


def test_whole_venv_is_kept(checkout):
    assert "Making .venv" not in make(checkout, "--dry-run", "up").stdout


def test_half_made_venv_is_made_anew(checkout):
    (checkout / ".venv/whole").unlink()
    assert "Making .venv" in make(checkout, "--dry-run", "up").stdout


def test_changed_requirements_make_it_anew(checkout):
    os.utime(checkout / ".venv/whole", (0, 0))
    assert "Making .venv" in make(checkout, "--dry-run", "test").stdout


@pytest.mark.parametrize("program", ["#!/no/such/python\n", f"#!{sys.executable}\nimport no_such_package\n"])
def test_lost_interpreter_or_packages_make_it_anew(checkout, program):
    (checkout / ".venv/bin/inv").write_text(program)
    assert "Making .venv" in make(checkout, "--dry-run", "up").stdout


def test_missing_python_is_told(checkout):
    (checkout / ".venv/whole").unlink()
    ended = make(checkout, "up", "PYTHON=/no/such/python")
    assert ended.stderr.startswith("/no/such/python is missing or older than 3.11 - install it, ")
    assert ended.returncode != 0
