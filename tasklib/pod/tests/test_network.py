"""Rootless pods keep the addresses of clients, and one that does not says so."""

from types import SimpleNamespace

import pytest

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
