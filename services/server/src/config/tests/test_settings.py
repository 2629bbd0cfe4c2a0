"""The environment becomes settings."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from config import settings

MANAGE = Path(settings.BASE_DIR, "manage.py")


@pytest.fixture
def read(monkeypatch):
    """Return the settings as a fresh process has them, with variables changed, or removed where they are None."""

    def read(**variables):
        for name, value in variables.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        return runpy.run_path(settings.__file__)

    return read


def run(*command, **variables):
    """Run a Python program with variables changed."""
    environment = os.environ | variables
    return subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("value", ["False", "false", "0", "no", "", None])
def test_debug_is_off_unless_said(read, value):
    assert read(DJANGO_DEBUG=value)["DEBUG"] is False


@pytest.mark.parametrize("value", ["True", "true", "1"])
def test_debug_can_be_said(read, value):
    assert read(DJANGO_DEBUG=value)["DEBUG"] is True


def test_secret_is_read_from_its_file(read, tmp_path):
    file = tmp_path / "key"
    file.write_text("$from-file\n")
    assert read(DJANGO_SECRET_KEY=None, DJANGO_SECRET_KEY_FILE=str(file))["SECRET_KEY"] == "$from-file"


def test_hosts_are_separated_by_commas(read):
    assert read(DJANGO_ALLOWED_HOSTS="a.example,b.example")["ALLOWED_HOSTS"] == ["a.example", "b.example"]


def test_all_faults_are_told_at_once(read):
    variables = {"DJANGO_SECRET_KEY": None, "POSTGRES_PASSWORD_FILE": None, "POSTGRES_PASSWORD": " "}
    faults = read(**variables, POSTGRES_PORT="x")["ENVIRONMENT_FAULTS"]
    assert [fault.split()[0] for fault in faults] == ["DJANGO_SECRET_KEY", "POSTGRES_PORT", "POSTGRES_PASSWORD"]


def test_missing_file_of_a_secret_is_named(read):
    faults = read(POSTGRES_PASSWORD_FILE="/nowhere")["ENVIRONMENT_FAULTS"]
    assert faults == ["POSTGRES_PASSWORD cannot be read: [Errno 2] No such file or directory: '/nowhere'"]


def test_command_tells_a_fault_without_traceback():
    result = run(MANAGE, "check", DJANGO_SECRET_KEY="")
    assert result.returncode == 1
    assert "ERRORS:\n?: (config.E001) DJANGO_SECRET_KEY is not set\n\tHINT: set the variable" in result.stderr
    assert "Traceback" not in result.stderr


def test_server_tells_a_fault_in_one_line():
    result = run("-c", "import config.wsgi", DJANGO_SECRET_KEY="")
    assert result.returncode == 1
    assert re.fullmatch("config.E001: DJANGO_SECRET_KEY is not set - set the variable, .*\n", result.stderr)


def test_production_check_is_clean():
    key = "a-key-of-more-than-fifty-characters-with-twelve-different-ones"
    result = run(MANAGE, "check", "--deploy", "--fail-level", "WARNING", DJANGO_SECRET_KEY=key)
    assert (result.returncode, result.stderr) == (0, "")
