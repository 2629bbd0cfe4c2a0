"""The secrets of the pod."""

import json
import os
import sys

import pytest
from invoke import Context

from tasklib.core import podman, shell
from tasklib.pod import secrets

# Presses Ctrl-C for a program, which a terminal does for all of its session, then writes a file.
WRITER = """
import os, pathlib, signal, sys
os.kill(int(sys.argv[1]), signal.SIGINT)
pathlib.Path(sys.argv[2]).write_text("whole" if os.getsid(0) == os.getpid() else "in reach of the terminal")
"""


def test_kubernetes_form():
    secret = json.loads(secrets.kubernetes("x-db-app", "password", "s"))
    assert (secret["kind"], secret["stringData"]) == ("Secret", {"password": "s"})


@pytest.mark.parametrize(
    "run",
    [shell.uninterrupted, lambda words: shell.run(Context(), [*podman.OWN_SESSION, *words])],
    ids=["make", "remove"],
)
def test_ctrl_c_does_not_reach_who_writes_the_file_of_secrets(tmp_path, run):
    with pytest.raises(KeyboardInterrupt):
        run([sys.executable, "-c", WRITER, str(os.getpid()), str(tmp_path / "secrets")])
    assert (tmp_path / "secrets").read_text() == "whole"
    assert podman.secret_rm("x")[:2] == podman.OWN_SESSION
