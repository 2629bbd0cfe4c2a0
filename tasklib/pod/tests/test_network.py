"""The ports of a pod, and the addresses of its clients."""

import errno
import json
import os
import socket
from types import SimpleNamespace

import pytest

from tasklib.core.project import Project
from tasklib.pod import network

DEFAULT = "podman-default-kube-network"


@pytest.fixture
def user(monkeypatch):
    """Be a user, whose pod has the networks that are given."""

    def user(uid, *networks):
        monkeypatch.setattr(network.os, "geteuid", lambda: uid)
        monkeypatch.setattr(network.shell, "capture", lambda _: SimpleNamespace(stdout=f"{json.dumps(networks)}\n"))

    return user


@pytest.mark.parametrize(("uid", "option"), [(0, ""), (1000, "pasta")])
def test_only_a_user_needs_pasta(user, uid, option):
    user(uid)
    assert network.option() == option


@pytest.mark.parametrize(
    ("uid", "networks", "lines"),
    [(0, [DEFAULT], 0), (1000, [], 0), (1000, [DEFAULT], 1)],
)
def test_shared_address_is_told(user, capsys, uid, networks, lines):
    user(uid, *networks)
    network.warn_if_shared(Project("shop"))
    assert capsys.readouterr().out.count(network.SHARED) == lines


@pytest.fixture
def listener():
    """A port of this machine that this very process listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def shop(monkeypatch, listener):
    """A function that makes a copy whose server has the taken port, and whose running pod has published some ports."""

    def shop(*published):
        monkeypatch.setattr(network.local_http, "responds", lambda *_: False)
        bindings = {"8080/tcp": [{"HostIp": "", "HostPort": str(port)} for port in published]}
        monkeypatch.setattr(network.shell, "capture", lambda _: SimpleNamespace(stdout=json.dumps(bindings)))
        return Project("shop", port_offset=listener - 8080)

    return shop


def test_taken_port_names_its_process(shop, listener):
    assert network.faults(shop())[0].startswith(f"port {listener} for server is taken by ")
    assert f"(process {os.getpid()}) - end that, or take other ports" in network.faults(shop())[0]


def test_port_of_the_own_pod_is_fine(shop, listener, monkeypatch):
    monkeypatch.setattr(network, "holder", lambda _: " by conmon (process 5)")
    assert network.faults(shop(listener)) == []


def test_port_that_another_took_from_a_dead_forwarder_is_taken(shop, listener):
    assert len(network.faults(shop(listener))) == 1


def test_healthy_service_without_a_response_at_its_port_is_cut_off(shop, listener):
    project = shop(listener)
    server = {"server": f"port {listener} of this machine does not reach server, which is healthy"}
    assert network.cut_off(project, {"server", "db"}) == server
    assert network.cut_off(project, {"db"}) == {}


def test_address_of_no_interface_is_named():
    assert network.fault(80, "192.0.2.1", network.refusal(0, "192.0.2.1")).startswith("cannot be had on 192.0.2.1: ")


def test_port_for_root_alone_is_named():
    assert network.fault(80, "", errno.EACCES).endswith("as root: sysctl net.ipv4.ip_unprivileged_port_start=80")


def test_unknown_holder_is_left_out(tmp_path):
    assert network.holder(80, tmp_path) == ""


def test_port_is_asked_for_what_the_probe_asks_for():
    paths = {
        service: network.probed_path(Project("shop", graph=True), service) for service in ("server", "metrics", "db")
    }
    assert paths == {"server": "/healthcheck/live/", "metrics": "/-/ready", "db": "/"}
