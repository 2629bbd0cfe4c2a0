"""Moments and commands of the archive; nothing runs."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from invoke import Exit, MockContext

from tasklib.core.project import Project
from tasklib.database import archive

PROJECT = Project("shop")
NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-25 03:00", "2026-11-25 03:00:00+00:00"),
        ("2026-11-25T03:00:00.5+01:00", "2026-11-25 03:00:00.500000+01:00"),
        ("latest", "latest"),
    ],
)
def test_moment_has_a_zone(moment, expected):
    assert archive.parsed(moment, NOW) == expected


@pytest.mark.parametrize(
    ("moment", "expected"), [("noon", "'noon' is not a time"), ("2026-11-25 05:00", "is in the future")]
)
def test_strange_moment_is_refused(moment, expected):
    with pytest.raises(Exit, match=expected):
        archive.parsed(moment, NOW)


def test_archive_is_only_read_by_a_recovery():
    assert archive.unpack(PROJECT, "shop-db-data-x", "latest") == [
        *("podman", "run", "--rm", "--restart", "no", "--read-only", "--cap-drop", "all", "--network", "none"),
        *("--tmpfs", "/tmp", "--entrypoint", "python3", "--env", "POD=shop"),
        *("--volume", "shop-db-data-x:/var/lib/postgresql/data"),
        *("--volume", "shop-db-archive:/var/lib/postgresql/archive:ro", "localhost/shop-db"),
        *("-m", "dbtools.archive", "unpack", "latest"),
    ]


def test_replay_ends_at_the_moment():
    assert archive.settings("2026-11-25 03:00:00+00:00")["recovery_target_time"] == "2026-11-25 03:00:00+00:00"


def test_latest_has_no_end():
    assert archive.settings("latest") == {"archive_mode": "off"}


def test_archive_that_ends_too_early_is_refused(monkeypatch):
    answer = SimpleNamespace(returncode=0, stdout="ended 2026-11-25 02:00:00+00\n")
    monkeypatch.setattr(archive.shell, "capture", lambda _: answer)
    context = MockContext()
    context.config.run.dry = False
    with pytest.raises(Exit, match=r"ends at 2026-11-25 02:00:00\+00, before .+: inv db.recover latest"):
        archive.replay(context, "x", "2026-11-25 03:00:00+00:00")


def test_switch_reaches_the_container():
    container = Project("shop", archive=True).manifest.containers["db"]
    assert {"name": "POSTGRES_ARCHIVE", "value": "true"} in container["env"]


def test_archive_is_of_the_pod():
    assert Project("shop").manifest.variables("db")["POD"] == "shop"
