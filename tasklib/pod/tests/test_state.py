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


HERE, ENDED = os.getpid(), 2**22 + 1  # one more than the kernel gives out


@pytest.mark.parametrize(
    ("pid", "conmon", "expected"),
    [
        (HERE, HERE, (True, "running")),
        (ENDED, HERE, (False, "gone")),
        (ENDED, ENDED, (False, "gone")),
        (HERE, ENDED, (False, "orphaned")),
    ],
    ids=["runs", "gone", "both gone", "orphaned"],
)
def test_container_without_process_or_conmon_does_not_run(monkeypatch, pid, conmon, expected):
    found = [{"Name": "shop-db", "State": {"Running": True, "Status": "running", "Pid": pid, "ConmonPid": conmon}}]
    monkeypatch.setattr(state.shell, "capture", lambda _: SimpleNamespace(stdout=json.dumps(found)))
    said = state.state(PROJECT)["db"]["State"]
    assert (said["Running"], said["Status"]) == expected
