"""The rows of the operator's page; Podman's answers are given here."""

from types import SimpleNamespace

import pytest

from tasklib.core import shell
from tasklib.core.project import Project
from tasklib.core.services import VERSION_LABEL
from tasklib.status import disk, page

RUNNING = {
    "State": {"Running": True, "StartedAt": "2026-01-01T00:00:00Z", "Health": {"Status": "healthy"}},
    "Config": {"Labels": {VERSION_LABEL: "abc"}},
    "RestartCount": 2,
}
ENDED = {"State": {"Running": False, "Status": "exited"}}


@pytest.mark.parametrize(("healthy", "word"), [(True, "healthy"), (False, "no answer")])
def test_running_part_is_what_its_probe_says(healthy, word):
    state, _, *rest = page.row(RUNNING, healthy, "1 of 2 MiB")
    assert (state, rest) == (word, ["2", "1 of 2 MiB", "abc"])


@pytest.mark.parametrize(("container", "word"), [(None, "absent"), (ENDED, "exited")], ids=["absent", "ended"])
def test_part_that_does_not_run_has_no_numbers(container, word):
    assert page.row(container, False, "-") == [word, "-", "-", "-", "-"]


def test_memory_is_by_part(monkeypatch):
    monkeypatch.setattr(shell, "capture", lambda _: SimpleNamespace(stdout="x-db 1MiB / 2MiB\n"))
    assert page.used(Project("x"), ["db"]) == {"db": "1 of 2 MiB"}


def test_volume_has_its_bound():
    assert disk.words("log-data", 2048, "128 MiB") == "log 2.0 KiB of 128 MiB"


def test_volume_without_a_bound():
    assert disk.words("db-data", 2048, "") == "db 2.0 KiB"


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("exited", "db does not run - start it: inv restart db"),
        ("gone", "db does not run - start it: inv restart db"),
        ("absent", "db is absent - start the pod anew: inv up"),
        ("orphaned", "conmon of db has ended, so nothing restarts it - start it anew: inv restart db"),
        ("no answer", "db does not answer - restart it: inv restart db"),
        ("cut off", "port 1 is cut - start the pod anew: inv up"),
    ],
)
def test_part_that_is_not_healthy_has_a_remedy(word, line):
    assert page.faults({"server": "healthy", "db": word}, {"db": "port 1 is cut"}) == [("fault", line)]


def test_pod_that_does_not_run_has_one_remedy():
    assert page.faults({"server": "absent", "db": "absent"}, {}) == [
        ("fault", "the pod does not run - start it: inv up")
    ]
