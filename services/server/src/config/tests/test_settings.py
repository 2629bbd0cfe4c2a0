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


@pytest.mark.parametrize(("value", "rate"), [("7/hour", "7/hour"), ("", None), (None, "10/min")])
def test_rate_is_read(read, value, rate):
    settings = read(DJANGO_THROTTLE_LOGIN=value)
    assert (settings["REST_FRAMEWORK"]["DEFAULT_THROTTLE_RATES"]["login"], settings["ENVIRONMENT_FAULTS"]) == (rate, [])


@pytest.mark.parametrize("value", ["many", "10", "0/min", "-1/min", "10/week", "10/min ", "1e3/s"])
def test_malformed_rate_is_a_fault(read, value):
    faults = read(DJANGO_THROTTLE_ANON=value)["ENVIRONMENT_FAULTS"]
    assert faults == [f"DJANGO_THROTTLE_ANON cannot be used: '{value}' is not a rate such as 100000/min"]


def test_without_the_admin_there_are_no_sessions(read):
    settings = read(DJANGO_ADMIN=None)
    assert "django.contrib.sessions" not in settings["INSTALLED_APPS"]
    assert not [name for name in settings["MIDDLEWARE"] if "session" in name or "auth" in name or "message" in name]


@pytest.mark.parametrize("admin", ["true", "false"])
def test_production_check_is_clean(admin):
    key = "a-key-of-more-than-fifty-characters-with-twelve-different-ones"
    command = [MANAGE, "check", "--deploy", "--fail-level", "WARNING"]
    result = run(*command, DJANGO_SECRET_KEY=key, DJANGO_ADMIN=admin)
    assert (result.returncode, result.stderr) == (0, "")


def test_other_origins_are_off_by_default(read):
    values = read(DJANGO_CORS_ORIGINS=None)
    assert [name for name in values["INSTALLED_APPS"] + values["MIDDLEWARE"] if "cors" in name] == []


def test_origins_are_separated_by_commas(read):
    origins = "https://a.example,http://localhost:3000"
    assert read(DJANGO_CORS_ORIGINS=origins)["CORS_ALLOWED_ORIGINS"] == origins.split(",")


@pytest.mark.parametrize(
    "value", ["*", "null", "a.example", "https://a.example/", "https://A.example", "https://*.example"]
)
def test_what_is_not_an_origin_is_a_fault(read, value):
    (fault,) = read(DJANGO_CORS_ORIGINS=value)["ENVIRONMENT_FAULTS"]
    assert fault == f"DJANGO_CORS_ORIGINS cannot be used: '{value}' is not an origin such as https://app.example.org"
