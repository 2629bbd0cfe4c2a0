"""The ports of a pod, and the addresses of its clients."""

import os
import socket
from types import SimpleNamespace

import pytest
from invoke import Exit

from tasklib.core.project import Project
from tasklib.pod import network


@pytest.fixture
def user(monkeypatch):
    """Be a user, whose pod has the networks that are given."""

    def user(uid, networks=""):
        monkeypatch.setattr(network.os, "geteuid", lambda: uid)
        monkeypatch.setattr(network.shell, "capture", lambda _: SimpleNamespace(stdout=f"{networks}\n"))

    return user


@pytest.mark.parametrize(("uid", "option"), [(0, ""), (1000, "pasta")])
def test_only_a_user_needs_pasta(user, uid, option):
    user(uid)
    assert network.option() == option


@pytest.mark.parametrize(
    ("uid", "networks", "lines"),
    [(0, "podman-default-kube-network", 0), (1000, "", 0), (1000, "podman-default-kube-network", 1)],
)
def test_shared_address_is_told(user, capsys, uid, networks, lines):
    user(uid, networks)
    network.warn_if_shared(Project("shop"))
    assert capsys.readouterr().out.count(network.SHARED) == lines


@pytest.fixture
def listener():
    """A port of this machine that this very process listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_taken_port_names_its_process(listener):
    with pytest.raises(Exit, match=rf"port {listener} for server is taken by .+ \(process {os.getpid()}\)"):
        network.require_free({"server": listener})


def test_free_port_is_fine(listener):
    free = next(port for port in range(listener + 1, 65536) if network.is_free(port))
    assert network.require_free({"server": free}) is None


def test_unknown_holder_is_left_out(tmp_path):
    assert network.holder(80, tmp_path) == ""
