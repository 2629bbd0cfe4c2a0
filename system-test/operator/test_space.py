"""A disk that is full, or fills up, is told in one line; nothing half-made stays, and the next call works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.commands import run

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root mounts a disk")
GIGABYTE = 10**9


@pytest.fixture
def disk(tmp_path):
    """Give Podman a small disk of its own; returns its folder and the environment that leads there."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def small(size: int) -> tuple[Path, dict[str, str]]:
        assert run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)).code == 0
        config = tmp_path / "storage.conf"
        config.write_text(f'[storage]\ndriver = "overlay"\ngraphroot = "{folder}/all"\nrunroot = "{folder}/run"\n')
        return folder, {"CONTAINERS_STORAGE_CONF": str(config)}

    yield small
    run("umount", "--recursive", "--lazy", str(folder))


def test_small_disk_refuses_a_build_in_one_line(absent, disk):
    _, environment = disk(GIGABYTE)
    result = absent.inv("build", environment=environment)
    assert result.code == 1
    assert result.last_line.startswith("disk: no space: 1.0 GB - needed: 5 GB free at ")


def test_small_disk_is_a_warning_of_a_start(absent, disk):
    _, environment = disk(GIGABYTE)
    result = absent.inv("up", environment=environment)
    assert "disk: no space: 1.0 GB - the next build needs: 5 GB free at " in result.output
    assert "disk" not in result.last_line


def test_disk_that_fills_up_breaks_the_build_alone(copy, disk):
    folder, environment = disk(3 * GIGABYTE)
    filler = folder / "filler"
    command = [sys.executable, "-m", "invoke", "build", "base"]
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=copy.folder, env=copy.environment(**environment), **options) as process:
        output = ""
        for line in process.stdout:
            output += line
            if "base: step" in line and not filler.exists():
                fill(filler)
    assert process.returncode != 0
    assert output.strip().endswith("mend it, then type: inv build base"), output
    filler.unlink()
    result = copy.inv("build", "base", environment=environment)
    assert result.code == 0, result.output


def fill(file: Path, left: int = 2**20) -> None:
    """Take all of a disk's space but so many bytes."""
    free = os.statvfs(file.parent)
    with file.open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, free.f_bavail * free.f_frsize - left)
