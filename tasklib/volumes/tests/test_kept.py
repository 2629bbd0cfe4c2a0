"""Which volumes belong to a pod, how large they are, and how their data goes; Podman's answers are given here."""

from types import SimpleNamespace

import pytest

from tasklib.core import shell
from tasklib.core.project import Project
from tasklib.volumes import kept

OWN = ["x-db-data", "x-db-data-20261125T010000Z", "x-db-data-new", "x-db-archive", "x-db-app", "x-db-run"]
FOREIGN = ["x-2-db-data", "x-db-data-mine", "y-db-data", "x-db-data-20261125T010000Z-2"]


def test_volumes_are_sized_by_name(monkeypatch):
    answers = iter(["x-db-data /a\n", "4096\t/a\n"])
    monkeypatch.setattr(shell, "capture", lambda _: SimpleNamespace(stdout=next(answers)))
    assert kept.sizes(["x-db-data", "x-log-data"]) == {"x-db-data": 4096}


def test_volumes_of_another_pod_stay(monkeypatch):
    monkeypatch.setattr(kept, "known", lambda: OWN + FOREIGN)
    assert kept.of_pod(Project("x")) == OWN


def test_data_from_before_is_found_by_its_time_oldest_first(monkeypatch):
    later = "x-db-data-20261126T010000Z"
    monkeypatch.setattr(kept, "known", lambda *_: [later, *OWN, *FOREIGN])
    assert kept.before("x-db-data") == [OWN[1], later]


@pytest.mark.parametrize(("code", "expected"), [(0, [OWN[1]]), (1, [])], ids=["killed task", "read by a person"])
def test_used_volume_is_of_a_killed_task_if_a_container_has_its_name(monkeypatch, code, expected):
    monkeypatch.setattr(kept, "known", lambda *_: [*OWN, *FOREIGN])
    monkeypatch.setattr(shell, "capture", lambda _: SimpleNamespace(returncode=code))
    assert kept.staged("x-db-data") == expected


def test_size_that_cannot_be_told_is_left_out(monkeypatch):
    monkeypatch.setattr(kept, "sizes", lambda _: {"x-db-data": 4096})
    assert kept.described(["x-db-data", "x-db-archive"]) == ["volume x-db-data (4.1 kB)", "volume x-db-archive"]


def test_archive_is_erased_by_the_names_of_its_pod():
    words = kept.erase("localhost/x-db", "x-db-archive")
    assert words[-4:] == ["localhost/x-db", "-m", "dbtools.archive", "forget"]
    assert "POD=x" in words


@pytest.mark.parametrize("name", ["x-db-data", "x-log-data"])
def test_other_volume_is_erased_whole(name):
    assert kept.erase("localhost/x-db", name)[-4:] == ["-m", "dbtools.volume", "erase", "/mnt"]
