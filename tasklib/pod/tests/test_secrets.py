"""The secrets of the pod."""

import json
import os
import sys

import pytest

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


def test_ctrl_c_does_not_reach_the_command_that_makes_a_secret(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        shell.uninterrupted([sys.executable, "-c", WRITER, str(os.getpid()), str(tmp_path / "secrets")])
    assert (tmp_path / "secrets").read_text() == "whole"


def test_ctrl_c_does_not_reach_the_command_that_removes_secrets(tmp_path):
    words = podman.secret_rm("x")
    session = words[: words.index(podman.PODMAN)]
    with shell.interrupts_held():
        shell.capture([*session, sys.executable, "-c", WRITER, str(os.getpid()), str(tmp_path / "secrets")])
    assert (tmp_path / "secrets").read_text() == "whole"
