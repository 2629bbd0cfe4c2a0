"""Containers of a pod that Podman has forgotten are found by what the kernel says of their processes."""

import os
from types import SimpleNamespace

import pytest
from invoke import Exit

from tasklib.core.project import Project
from tasklib.machine import former


def process(proc, number, *variables, ids="7 1", network="net:[1]"):
    """A process in a folder like /proc, in the user namespace of this one."""
    folder = proc / str(number)
    (folder / "ns").mkdir(parents=True)
    (folder / "environ").write_bytes(b"\0".join(word.encode() for word in variables))
    (folder / "status").write_text(f"Name:\tx\nNSpid:\t{ids}\n")
    (folder / "ns/user").symlink_to("user:[1]")
    (folder / "ns/net").symlink_to(network)


@pytest.fixture
def proc(tmp_path):
    """A folder like /proc with the first process of a container of the pod `shop`."""
    for number in ("self", 70):
        process(tmp_path, number, "container=podman", "HOSTNAME=shop")
    process(tmp_path, 71)
    (tmp_path / "71/environ").unlink()
    return tmp_path


def test_first_processes_are_found_even_if_their_variables_cannot_be_read(proc):
    assert former.processes("shop", proc) == [70, 71]


@pytest.mark.parametrize(
    ("variables", "ids"),
    [
        (["container=podman", "HOSTNAME=shop-2"], "7 1"),
        (["container=podman", "HOSTNAME=shop"], "7 12"),
        (["HOSTNAME=shop"], "7 1"),
    ],
    ids=["other pod", "later process", "no container"],
)
def test_other_processes_are_left_out(proc, variables, ids):
    process(proc, 80, *variables, ids=ids, network="net:[2]")
    assert former.processes("shop", proc) == [70, 71]


def test_container_of_another_user_is_left_out_for_root(proc, monkeypatch):
    process(proc, 80, "container=podman", "HOSTNAME=shop", network="net:[2]")
    (proc / "80/ns/user").unlink()
    (proc / "80/ns/user").symlink_to("user:[2]")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert former.processes("shop", proc) == [70, 71]


def test_forgotten_pod_is_named_with_its_processes(monkeypatch):
    monkeypatch.setattr(former, "processes", lambda _: [69, 70, 71])
    monkeypatch.setattr(former.shell, "capture", lambda _: SimpleNamespace(stdout="69\n"))
    with pytest.raises(Exit, match=r"a former pod 'shop' still runs, .+ then try again: kill 70 71"):
        former.require_none(Project("shop"))
