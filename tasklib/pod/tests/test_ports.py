"""The program that listens on a port is named."""

import os
import socket

import pytest
from invoke import Exit

from tasklib.pod import ports


@pytest.fixture
def listener():
    """A port of this machine that this very process listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_taken_port_names_its_process(listener):
    with pytest.raises(Exit, match=rf"port {listener} for server is taken by .+ \(process {os.getpid()}\)"):
        ports.require_free({"server": listener})


def test_free_port_is_fine(listener):
    free = next(port for port in range(listener + 1, 65536) if ports.is_free(port))
    assert ports.require_free({"server": free}) is None


def test_unknown_holder_is_left_out(tmp_path):
    assert ports.holder(80, tmp_path) == ""
