"""With archiving switched on, the state of any moment comes back, also when the data is lost."""

from datetime import UTC, datetime

import pytest

from support.checkout import Checkout, podman
from support.pods import started_pod


class Archiving(Checkout):
    """A checkout with archiving switched on."""

    def environment(self, **more: str) -> dict[str, str]:
        return super().environment(INVOKE_ARCHIVE="1", **more)


@pytest.fixture(scope="module")
def archiving():
    with started_pod(Archiving) as pod:
        yield pod


def now(pod) -> str:
    """This moment, by the clock of the database, and in no second of a base backup."""
    pod.sql("SELECT pg_sleep(1.1)")
    return pod.sql("SELECT now()")


def test_moment_before_an_accident_comes_back(archiving):
    archiving.add_group("wanted")
    moment = now(archiving)
    archiving.sql("UPDATE auth_group SET name = 'overwritten ' || id")
    archiving.sql("DROP TABLE knox_authtoken")
    assert archiving.inv("db.recover", moment).last_line.endswith("--replace")
    result = archiving.inv("db.recover", moment, "--replace")
    assert result.code == 0, result.output
    assert "wanted" in archiving.groups()
    assert archiving.writes()


def test_lost_data_comes_back_as_far_as_it_was_archived(archiving, eventually):
    archiving.add_group("the last one")
    archiving.sql("SELECT pg_switch_wal()")
    eventually(lambda: archiving.sql("SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'") == "0")
    archiving.inv("down")
    podman("volume", "rm", f"{archiving.name}-db-data")
    result = archiving.inv("db.recover", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}")
    assert "the archive ends at" in result.last_line
    result = archiving.inv("db.recover", "latest")
    assert result.code == 0, result.output
    assert "the last one" in archiving.groups()


def test_failing_archive_is_counted(archiving, eventually):
    folder = archiving.sql("SHOW basic_archive.archive_directory")
    rename = "import os, sys; os.rename(*sys.argv[1:])"
    podman("exec", f"{archiving.name}-db", "python3", "-c", rename, folder, f"{folder}-away")
    archiving.sql("SELECT pg_current_xact_id()")
    archiving.sql("SELECT pg_switch_wal()")
    eventually(lambda: archiving.sql("SELECT failed_count > 0 FROM pg_stat_archiver") == "t")
    assert archiving.answers()
    podman("exec", f"{archiving.name}-db", "python3", "-c", rename, f"{folder}-away", folder)
    assert archiving.inv("db.archive", "--keep", "1").code == 0


def test_without_the_setting_there_is_no_archive(running):
    assert running.inv("db.archive").last_line.startswith("archiving is off - switch it on")
