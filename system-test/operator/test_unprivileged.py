"""An ordinary user to whom root has given nothing is told what to type, and nothing is started."""

import os
import shutil
from pathlib import Path

import pytest

from support.checkout import ENVIRONMENT
from support.commands import run

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root makes users")
USER = f"pod-test-{os.getpid()}"


@pytest.fixture
def stranger(copy):
    """Run a command as a new user without ids for containers, in a clone of the project."""
    home = Path("/home", USER)
    assert run("useradd", "--create-home", USER).code == 0
    for kind in ("subuids", "subgids"):
        run("usermod", f"--del-{kind}", "0-4000000000", USER)
    shutil.copytree(copy.folder, home / "project")
    run("chown", "--recursive", f"{USER}:", str(home))
    environment = {**ENVIRONMENT, "HOME": str(home), "USER": USER}
    yield lambda *words: run("runuser", "--user", USER, "--", *words, cwd=home / "project", env=environment)
    run("userdel", "--remove", USER)


def test_user_without_ids_is_told_what_to_type(stranger):
    result = stranger("make", "up")
    assert result.code != 0
    assert "subuid, subgid: 0 numbers, should be 65536 numbers - type as root: usermod --add-subuids" in result.output
    assert "Traceback" not in result.output
