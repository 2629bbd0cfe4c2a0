"""The checks before a pod is stopped; Podman's answers are given here."""

from types import SimpleNamespace

import pytest
from invoke import Exit

from tasklib.core.project import BUILD, Project
from tasklib.pod import preflight

PROJECT = Project("shop")
PLENTY, NOTHING = "MemAvailable:   16000000 kB\n", "MemAvailable:   1000 kB\n"


@pytest.mark.parametrize(
    ("text", "number"), [("128Mi", 2**27), ("1.5G", 1.5e9), ("500m", 0.5), ("1e3", 1000), ("7", 7), ("x", 0)]
)
def test_quantity(text, number):
    assert preflight.quantity(text) == number


@pytest.mark.parametrize(
    ("available", "used", "faults"),
    [(PLENTY, "", 0), (NOTHING, "", 1), (NOTHING, "70.7MiB / 512MiB\n1.2GiB / 2GiB\n", 0)],
    ids=["free", "taken", "of the running pod"],
)
def test_memory_is_what_is_free_and_what_the_running_pod_has(monkeypatch, tmp_path, available, used, faults):
    (tmp_path / "meminfo").write_text(available)
    monkeypatch.setattr(preflight.shell, "capture", lambda _: SimpleNamespace(stdout=used))
    assert len(preflight.memory(PROJECT, tmp_path / "meminfo")) == faults


@pytest.fixture
def trial(monkeypatch, tmp_path):
    """Try a pod of which Podman refuses the command that begins with some words; returns the commands."""
    monkeypatch.chdir(tmp_path)
    PROJECT.manifest.dump()  # read where pod.yaml is
    commands = []

    def trial(refused):
        def capture(words, **_):
            commands.append(words)
            code = int(words[1 : 1 + len(refused)] == list(refused))
            return SimpleNamespace(returncode=code, stdout="shop-server\n", stderr="no such flavour")

        monkeypatch.setattr(preflight.shell, "capture", capture)
        preflight.trial(PROJECT)

    trial.commands = commands
    return trial


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (["kube", "play"], "Podman refuses the pod: no such flavour - mend"),
        (["start"], "the new server fails its check"),
    ],
)
def test_refused_trial_is_told_and_removed(trial, refused, message):
    with pytest.raises(Exit, match=message):
        trial(refused)
    assert trial.commands[-2][:4] == ["podman", "pod", "rm", "--force"]
    assert not list(BUILD.glob("*"))


def test_trial_shares_nothing_but_secrets():
    pod = PROJECT.manifest.trial("shop-trial", "server", ["check"], ["shop-server"])
    assert pod.claims == ["shop-server"]
    assert pod.host_ports == {}
    assert [name for name in pod.scratch if not name.startswith("shop-trial-")] == []
    assert pod.containers["server"]["command"] == ["check"]
