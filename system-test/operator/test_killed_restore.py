"""A restore that is killed at any step leaves the data from before or all of the backup, and can be typed again."""

import signal

import pytest
from test_backup import back_up

from support.commands import podman
from support.pods import start, started_pod

STEPS = ["podman run", "pg_restore", "podman stop", "swap_folders", "podman kube play"]


@pytest.fixture(scope="module")
def restorable(tmp_path_factory):
    """A pod of its own with a backup: the pod, the file and the groups that it holds."""
    with started_pod() as pod:
        pod.add_group("backed up")
        yield pod, back_up(pod, tmp_path_factory.mktemp("backup")), pod.groups()


@pytest.mark.parametrize("at", STEPS)
def test_killed_restore_leaves_one_whole_database(restorable, at):
    pod, path, restored = restorable
    restore = ["db.restore", str(path), "--replace"]
    start(pod)
    pod.add_group(f"killed at {at}")
    before = pod.groups()
    result = pod.interrupt(*restore, at=at, number=signal.SIGKILL)
    assert result.code == -signal.SIGKILL, result.output
    start(pod)
    assert pod.groups() in (before, restored)
    assert pod.inv(*restore).code == 0
    assert pod.groups() == restored
    staging = [name for name in podman("ps", "--all", "--format", "{{.Names}}").output.split() if "-db-data-" in name]
    assert [name for name in staging if name.startswith(pod.name)] == []
    assert len([name for name in pod.volumes() if "-db-data-" in name]) == 1
