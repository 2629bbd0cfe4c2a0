"""A machine that cannot run the pod is told so in one line, with what to type."""

import shutil
import socket
from pathlib import Path

import pytest

from support.checkout import PORTS, SERVICES

WITHOUT_PODMAN = ["git", "bash", "env"]


@pytest.fixture
def programs(tmp_path) -> Path:
    """A folder for PATH with a few programs and without Podman."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in WITHOUT_PODMAN:
        (folder / name).symlink_to(shutil.which(name))
    return folder


# With --dry, since as root these tasks would repair the machine first.
@pytest.mark.parametrize("task", ["build", "up"])
def test_missing_podman_is_one_line(absent, programs, task):
    result = absent.inv("--dry", task, environment={"PATH": str(programs)})
    assert result.code == 1
    assert "podman: missing" in result.last_line
    assert "Traceback" not in result.output


@pytest.mark.parametrize("task", ["down", "status"])
def test_missing_podman_stops_other_tasks(absent, programs, task):
    result = absent.inv(task, environment={"PATH": str(programs)})
    assert result.code == 1
    assert result.last_line == "podman is missing - look at the machine with: inv doctor"


@pytest.mark.parametrize("task", ["build", "up"])
def test_older_podman_is_one_line(absent, programs, task):
    older = programs / "podman"
    older.write_text("#!/usr/bin/env bash\necho podman version 4.3.1\n")
    older.chmod(0o755)
    result = absent.inv("--dry", task, environment={"PATH": str(programs)})
    assert result.code == 1
    assert "podman: 4.3.1, should be 5.4 or newer" in result.last_line


@pytest.mark.parametrize("service", ["server", "metrics"])
def test_taken_port_names_the_process(absent, service):
    with socket.create_server(("127.0.0.1", PORTS[service] + absent.offset)):
        result = absent.inv("up")
    assert result.code == 1
    assert f"port {PORTS[service] + absent.offset} for {service} is taken by p" in result.last_line
    assert absent.leftovers() == []


@pytest.mark.parametrize("service", SERVICES)
def test_missing_image_is_named(copy, service):
    copy.forget_image(service)
    result = copy.inv("up")
    assert result.code == 1
    assert result.last_line == f"no image localhost/{copy.name}-{service} - build it with: inv build"
    assert copy.leftovers() == []
