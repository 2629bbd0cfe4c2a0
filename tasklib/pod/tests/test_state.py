"""The state of the containers; Podman's answers are given here."""

import json
import os
from types import SimpleNamespace

import pytest

from tasklib.core.project import Project
from tasklib.pod import state

PROJECT = Project("shop")


@pytest.mark.parametrize(("code", "graph"), [(0, True), (1, False)])
def test_pod_keeps_its_grafana(monkeypatch, code, graph):
    monkeypatch.setattr(state.shell, "capture", lambda _: SimpleNamespace(returncode=code))
    assert state.as_it_runs(PROJECT).graph is graph


@pytest.mark.parametrize(
    ("pid", "expected"),
    [(os.getpid(), (True, "running")), (2**22 + 1, (False, "gone"))],  # one more than the kernel gives out
    ids=["runs", "gone"],
)
def test_container_whose_process_is_gone_does_not_run(monkeypatch, pid, expected):
    found = [{"Name": "shop-db", "State": {"Running": True, "Status": "running", "Pid": pid}}]
    monkeypatch.setattr(state.shell, "capture", lambda _: SimpleNamespace(stdout=json.dumps(found)))
    said = state.state(PROJECT)["db"]["State"]
    assert (said["Running"], said["Status"]) == expected
