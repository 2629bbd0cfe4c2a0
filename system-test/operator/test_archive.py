"""With archiving switched on, the state of any moment comes back, also when the data is lost."""

import os
import re
from datetime import UTC, datetime

import pytest

from support.checkout import Checkout
from support.commands import podman, run
from support.pods import IMAGES, ROOT, own_name, removed, start, started_pod

DISK = re.search(r"## A disk of its own\n.+?```\n(.+?)```", (ROOT / "docs/backup.md").read_text(), re.DOTALL)[1]
NEIGHBOUR = "neighbour-20261125T010000Z"


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


@pytest.fixture
def disk(tmp_path):
    """A disk with a new file system, and folders of others on it."""
    image, folder = tmp_path / "image", tmp_path / "disk"
    folder.mkdir()
    run("truncate", "--size", "500M", str(image))
    run("mkfs.ext4", "-q", str(image))
    assert run("mount", "-o", "loop", str(image), str(folder)).code == 0
    for name in ("photos", f"{NEIGHBOUR}/wal"):
        (folder / name).mkdir(parents=True)
    yield folder
    run("umount", str(folder))


@pytest.mark.skipif(os.getuid() != 0, reason="only root mounts a disk")
def test_disk_of_its_own_is_shared_with_others(disk):
    with removed(Archiving(ROOT, own_name(), IMAGES)) as pod:
        commands = DISK.replace("/mnt/disk", str(disk)).replace("NAME", pod.name)
        assert run("bash", "-ec", commands).code == 0
        start(pod)
        pod.add_group("archived")
        result = pod.inv("db.archive", "--keep", "1")
        assert result.code == 0, result.output
        assert result.last_line == f"left alone, because this pod has not made it: {NEIGHBOUR}, photos"
        assert len(list(disk.glob(f"{pod.name}-*/base/2*Z"))) == 1
        assert pod.sql("SELECT failed_count FROM pg_stat_archiver") == "0"
        assert {NEIGHBOUR, "photos", "lost+found"} < {path.name for path in disk.iterdir()}


@pytest.mark.skipif(os.getuid() != 0, reason="only root mounts a disk")
def test_disk_of_another_owner_is_told_and_stops_nothing(disk):
    with removed(Archiving(ROOT, own_name(), IMAGES)) as pod:
        commands = DISK.replace("/mnt/disk", str(disk)).replace("NAME", pod.name)
        assert run("bash", "-ec", commands.replace("10002:10002", "0:0")).code == 0
        start(pod)
        assert pod.inv("db.archive").last_line.endswith("docs/backup.md")
        run("chown", "10002:10002", str(disk))
        result = pod.inv("db.archive")
        assert result.code == 0, result.output
