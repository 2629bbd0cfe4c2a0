"""Faults that only the running server can have."""

from types import SimpleNamespace

import pytest

from config import checks


@pytest.mark.parametrize(("workers", "faults"), [(1, []), (39, []), (40, ["config.E002"])])
def test_more_workers_than_connections_are_refused(monkeypatch, workers, faults):
    monkeypatch.setattr(checks, "uwsgi", SimpleNamespace(numproc=workers))
    assert [fault.id for fault in checks.connections()] == faults


def test_commands_need_no_workers():
    assert checks.connections() == []
