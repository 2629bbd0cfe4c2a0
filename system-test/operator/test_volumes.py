"""A task finds the data where Podman says it is: in a volume with options, whose files are in a folder of their own."""

import re

import pytest
from test_archive import Archiving, now
from test_backup import back_up

from support.commands import podman
from support.pods import IMAGES, ROOT, own_name, removed, rows, start


@pytest.fixture(scope="module")
def device(tmp_path_factory):
    """A folder that is not Podman's own, for the data."""
    return tmp_path_factory.mktemp("device")


@pytest.fixture(scope="module")
def bound(device):
    """A pod whose data volume is a folder of the operator's."""
    with removed(Archiving(ROOT, own_name(), IMAGES)) as pod:
        options = ["--opt", "type=none", "--opt", "o=bind", "--opt", f"device={device}"]
        assert podman("volume", "create", *options, f"{pod.name}-db-data").code == 0
        start(pod)
        yield pod


def previous_groups(pod, output):
    """The groups in the volume that a task kept, read by a server of its own."""
    kept = re.search(r"previous data is in the volume (\S+)", output)[1]
    image, data = f"localhost/{pod.images}-db", f"{kept}:/var/lib/postgresql/data"
    options = ["--rm", "--interactive", "--volume", data, "--tmpfs", "/run/postgresql:mode=1777", "--entrypoint"]
    single = ["postgres", image, "--single", "-c", "config_file=/etc/postgresql/postgresql.conf", "service"]
    return podman("run", *options, *single, input="SELECT name FROM auth_group\n").output


def test_restore_serves_what_was_backed_up_and_keeps_the_former_data(bound, device, tmp_path):
    before, path = rows(bound), back_up(bound, tmp_path)
    bound.add_group("since the backup")
    result = bound.inv("db.restore", str(path), "--replace")
    assert result.code == 0, result.output
    assert rows(bound) == before
    assert (device / "PG_VERSION").exists()
    assert "since the backup" in previous_groups(bound, result.output)


def test_recovery_serves_the_moment(bound):
    bound.add_group("wanted")
    moment = now(bound)
    bound.add_group("unwanted")
    result = bound.inv("db.recover", moment, "--replace")
    assert result.code == 0, result.output
    assert {"wanted", "unwanted"} & {*bound.groups()} == {"wanted"}


def test_status_says_its_size(bound):
    assert re.search(r"db-?d?a?t?a? \d\d+\.\d MiB", bound.inv("status").output)


def test_restore_interrupted_in_the_exchange_leaves_either_data(bound, tmp_path):
    before, path = rows(bound), back_up(bound, tmp_path)
    bound.add_group("since the backup")
    after = rows(bound)
    bound.interrupt("db.restore", str(path), "--replace", at="dbtools.volume exchange")
    start(bound)
    assert rows(bound) in (before, after)


def test_fresh_resets_a_pod_that_is_down(bound, device):
    bound.add_group("gone")
    bound.inv("down")
    result = bound.inv("fresh", "--yes")
    assert result.code == 0, result.output
    assert "gone" not in bound.groups()
    assert (device / "PG_VERSION").exists()
