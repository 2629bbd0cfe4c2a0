"""Readings of the machine, each from a small tree of files."""

import pytest

from tasklib.machine import readings as reading
from tasklib.machine.tests.machines import HYBRID, WEAK_ROOT, add, machine


def test_user_is_found_by_number_not_group(tmp_path):
    assert machine(tmp_path).user == "ada"


def test_unknown_user_is_the_number(tmp_path):
    assert machine(tmp_path, uid=4711).user == "4711"


def test_program_beyond_path_is_found(tmp_path):
    assert reading.program(machine(tmp_path), "nft") == tmp_path / "usr/sbin/nft"


def test_file_without_execute_bit_is_no_program(tmp_path):
    here = machine(tmp_path)
    (tmp_path / "usr/sbin/nft").chmod(0o644)
    assert reading.program(here, "nft") is None


def test_podman_version_is_numbers(tmp_path):
    assert reading.podman_version(machine(tmp_path, podman="5.10.0-rc1")) == (5, 10, 0)


def test_missing_podman_has_no_version(tmp_path):
    assert reading.podman_version(machine(tmp_path, podman="")) == "missing"


def test_silent_podman_has_no_version(tmp_path):
    here = machine(tmp_path)
    add(tmp_path, "/usr/bin/podman", "#!/bin/sh\nexit 1\n").chmod(0o755)
    assert reading.podman_version(here) == "does not run"


@pytest.mark.parametrize(
    ("files", "layout"),
    [
        ({}, "v2"),
        (HYBRID, "hybrid"),
        ({**HYBRID, "/sys/fs/cgroup/unified/cgroup.controllers": ""}, "v1"),
        ({"/sys/fs/cgroup/cgroup.controllers": None}, "v1"),
    ],
    ids=["v2", "hybrid", "hybrid-without-controllers", "v1"],
)
def test_cgroup_layout(tmp_path, files, layout):
    assert reading.cgroup_layout(machine(tmp_path, files)) == layout


def test_systemd_is_first_process(tmp_path):
    assert reading.has_systemd(machine(tmp_path))


def test_other_first_process_is_not_systemd(tmp_path):
    assert not reading.has_systemd(machine(tmp_path, {"/proc/1/comm": "sh\n"}))


def test_capability_is_found(tmp_path):
    assert reading.has_capability(machine(tmp_path), reading.CAP_SYS_RESOURCE)


def test_dropped_capability_is_missing(tmp_path):
    assert not reading.has_capability(machine(tmp_path, WEAK_ROOT), reading.CAP_SYS_RESOURCE)


def test_hard_limits_are_second_column(tmp_path):
    assert reading.hard_limits(machine(tmp_path)) == {"nofile": 20000, "nproc": 96365}


def test_unlimited_is_left_out(tmp_path):
    here = machine(tmp_path, {"/proc/self/limits": "Max processes  unlimited  unlimited  processes\n"})
    assert reading.hard_limits(here) == {}


def test_shared_root_is_seen(tmp_path):
    assert reading.is_root_shared(machine(tmp_path))


def test_private_root_is_seen(tmp_path):
    text = "1 1 0:2 / / rw shared:1 - rootfs rootfs rw\n27 1 254:0 / / rw - ext4 /dev/vda rw\n"
    assert not reading.is_root_shared(machine(tmp_path, {"/proc/self/mountinfo": text}))


def test_changed_root_is_no_mount_to_share(tmp_path):
    assert reading.is_root_shared(machine(tmp_path, {"/proc/self/mountinfo": "22 27 0:21 / /proc rw - proc proc rw\n"}))


def test_id_ranges_skip_what_is_no_row(tmp_path):
    here = machine(tmp_path, {"/etc/subuid": "# rows\nada:100000:65536\nbad:row\n"})
    assert reading.id_ranges(here, "/etc/subuid") == [("ada", 100000, 65536)]


def test_waiting_podman_tells_mapped_ids(tmp_path):
    here = machine(tmp_path, {"/proc/77/uid_map": "0 1000 1\n1 100000 65536\n"})
    add(tmp_path, "/tmp/storage-run-1000/libpod/tmp/pause.pid", "77")
    assert reading.mapped_ids(here) == 65537


def test_waiting_podman_of_session_is_found(tmp_path):
    here = machine(tmp_path, {"/proc/77/uid_map": "0 1000 1\n"})
    add(tmp_path, "/run/user/1000/libpod/tmp/pause.pid", "77")
    assert reading.mapped_ids(here) == 1


def test_ended_podman_maps_nothing(tmp_path):
    here = machine(tmp_path)
    add(tmp_path, "/tmp/storage-run-1000/libpod/tmp/pause.pid", "77")
    assert reading.mapped_ids(here) is None


@pytest.mark.parametrize(
    ("uid", "folder"), [(0, "/var/lib/containers/storage"), (1000, "/home/ada/.local/share/containers/storage")]
)
def test_storage_is_at_its_usual_place(tmp_path, uid, folder):
    assert reading.storage_folder(machine(tmp_path, uid=uid)) == folder


def test_storage_of_all_users_is_moved_by_root(tmp_path):
    text = '[storage]\nrootless_storage_path = "/data/$USER/$UID"\n'
    assert reading.storage_folder(machine(tmp_path, {"/etc/containers/storage.conf": text})) == "/data/ada/1000"


def test_storage_of_own_choice_wins(tmp_path):
    text = '[storage]\ngraphroot = "/data/mine"\n'
    here = machine(tmp_path, {"/home/ada/.config/containers/storage.conf": text})
    assert reading.storage_folder(here) == "/data/mine"


def test_storage_that_the_environment_names_wins(tmp_path):
    here = machine(tmp_path, {"/data/storage.conf": '[storage]\ngraphroot = "/data/all"\n'})
    here.environment["CONTAINERS_STORAGE_CONF"] = "/data/storage.conf"
    assert reading.storage_folder(here) == "/data/all"


def test_space_is_measured_above_a_missing_folder(tmp_path):
    assert reading.free_bytes(tmp_path / "not" / "yet") > 0
