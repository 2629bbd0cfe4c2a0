"""Each fact, wrong and right."""

import pytest

from tasklib.machine import checks, doctor
from tasklib.machine.finding import INSTALL
from tasklib.machine.tests.machines import FEDORA, HYBRID, add, machine


def found(here, name):
    """The one fact of that name."""
    return next(fact for fact in doctor.examine(here) if fact.name == name)


@pytest.mark.parametrize("uid", [0, 1000])
def test_good_machine_is_all_right(tmp_path, uid):
    assert [fact.name for fact in doctor.examine(machine(tmp_path, uid=uid)) if fact.fatal and not fact.ok] == []


def test_other_system_is_fatal_at_once(tmp_path):
    here = doctor.Machine(tmp_path, {}, 1000, "Darwin")
    assert [(fact.found, fact.fatal) for fact in doctor.examine(here)] == [("Darwin", True)]


@pytest.mark.parametrize(("version", "text"), [("4.3.1", "4.3.1"), ("5.3.9", "5.3.9"), ("", "missing")])
def test_old_podman_is_fatal(tmp_path, version, text):
    fact = found(machine(tmp_path, podman=version), "podman")
    assert (fact.ok, fact.fatal, fact.found) == (False, True, text)


def test_podman_that_fails_is_told_in_its_own_words(tmp_path):
    here = machine(tmp_path)
    add(tmp_path, "/usr/bin/podman", "#!/bin/sh\necho lstat /run/user/0: permission denied >&2; exit 125\n").chmod(
        0o755
    )
    fact = found(here, "podman")
    assert (fact.found, fact.ok, fact.remedy) == ("lstat /run/user/0: permission denied", False, ())


def test_newer_podman_is_right(tmp_path):
    assert found(machine(tmp_path, podman="6.0.0"), "podman").ok


def test_old_podman_elsewhere_names_no_command(tmp_path):
    fact = found(machine(tmp_path, {"/etc/os-release": FEDORA}, podman="4.9.0"), "podman")
    assert (fact.fatal, list(fact.remedy)) == (True, [])


@pytest.mark.parametrize(("program", "package"), checks.HELPERS.items())
def test_missing_helper_names_its_package(tmp_path, program, package):
    here = machine(tmp_path)
    (tmp_path / "usr/sbin" / program).unlink()
    fact = found(here, program)
    assert (fact.ok, fact.fatal, fact.remedy[-1]) == (False, True, [*INSTALL, "--yes", package])


def test_missing_helper_elsewhere_is_only_reported(tmp_path):
    here = machine(tmp_path, {"/etc/os-release": FEDORA})
    (tmp_path / "usr/sbin/nft").unlink()
    fact = found(here, "nft")
    assert (fact.ok, fact.fatal) == (False, False)


@pytest.mark.parametrize(
    ("text", "ok"), [("", False), ('{"a": "b', False), ("{}", True)], ids=["empty", "cut", "whole"]
)
def test_damaged_secrets_are_put_aside(tmp_path, text, ok):
    folder = "/home/ada/.local/share/containers/storage/secrets"
    here = machine(tmp_path, {f"{folder}/filedriver/secretsdata.json": text})
    fact = found(here, "secrets")
    assert (fact.ok, fact.fatal) == (ok, not ok)
    assert [step[-2:] for step in fact.remedy] == ([] if ok else [[folder, f"{folder}.damaged"]])


def test_hybrid_cgroups_need_runc(tmp_path):
    here = machine(tmp_path, HYBRID)
    (tmp_path / "usr/sbin/runc").unlink()
    assert found(here, "runc").remedy[-1] == [*INSTALL, "--yes", "runc"]


@pytest.mark.parametrize("file", ["/etc/subuid", "/etc/subgid"])
def test_missing_range_gets_the_next_free_one(tmp_path, file):
    fact = found(machine(tmp_path, {file: "bob:200000:65536\n"}), "subuid, subgid")
    numbers = "265536-331071"
    assert (fact.ok, fact.fatal) == (False, True)
    assert fact.remedy == [["usermod", "--add-subuids", numbers, "--add-subgids", numbers, "ada"]]


def test_ranges_kept_elsewhere_are_trusted(tmp_path):
    assert found(machine(tmp_path, {"/etc/subuid": None, "/etc/nsswitch.conf": "subid: sss\n"}), "subuid, subgid").ok


@pytest.mark.parametrize(("rows", "ok"), [("0 1000 1\n", False), ("0 1000 1\n1 100000 65536\n", True)])
def test_podman_started_before_the_range_is_fatal(tmp_path, rows, ok):
    here = machine(tmp_path, {"/proc/77/uid_map": rows})
    add(tmp_path, "/tmp/storage-run-1000/libpod/tmp/pause.pid", "77")
    assert found(here, "user mapping").ok == ok


@pytest.mark.parametrize("switch", ["user/max_user_namespaces", "kernel/unprivileged_userns_clone"])
def test_forbidden_namespaces_are_fatal(tmp_path, switch):
    fact = found(machine(tmp_path, {f"/proc/sys/{switch}": "0\n"}), "user namespaces")
    assert (fact.ok, fact.fatal) == (False, True)
    assert switch.replace("/", ".") in fact.remedy[0].text


@pytest.mark.parametrize(("uid", "fatal"), [(0, False), (1000, True)])
def test_closed_tun_is_fatal_without_root(tmp_path, uid, fatal):
    here = machine(tmp_path, uid=uid)
    (tmp_path / "dev/net/tun").chmod(0o600)
    fact = found(here, "/dev/net/tun")
    assert (fact.ok, fact.fatal, fact.remedy) == (False, fatal, [["chmod", "0666", "/dev/net/tun"]])


def test_missing_tun_is_made(tmp_path):
    here = machine(tmp_path)
    (tmp_path / "dev/net/tun").unlink()
    assert found(here, "/dev/net/tun").remedy[-1][0] == "mknod"


def test_private_root_mount_is_not_fatal(tmp_path):
    fact = found(machine(tmp_path, {"/proc/self/mountinfo": "27 1 254:0 / / rw - ext4 /dev/vda rw\n"}), "mount of /")
    assert (fact.ok, fact.fatal) == (False, False)


@pytest.mark.parametrize(
    ("free", "ok", "fatal"), [(10**10, True, False), (4 * 10**9, False, False), (10**9, False, True)]
)
def test_space(tmp_path, free, ok, fatal):
    fact = checks.space(machine(tmp_path), free)
    assert (fact.ok, fact.fatal) == (ok, fatal)


def test_no_space_says_so(tmp_path):
    assert checks.space(machine(tmp_path), 10**9).found == "no space: 1.0 GB"


def test_missing_mmdebstrap_is_not_fatal(tmp_path):
    here = machine(tmp_path)
    (tmp_path / "usr/sbin/mmdebstrap").unlink()
    fact = found(here, "mmdebstrap")
    assert (fact.ok, fact.fatal) == (False, False)


def test_missing_ensurepip_is_not_fatal(tmp_path):
    fact = checks.venv(machine(tmp_path), module="no_such_module")
    assert (fact.ok, fact.fatal) == (False, False)


@pytest.mark.parametrize(
    ("files", "uid", "name"),
    [
        ({}, 0, "user"),
        (HYBRID, 1000, "resource limits"),
        ({"/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n"}, 1000, "AppArmor"),
    ],
    ids=["root", "cgroup-v1", "apparmor"],
)
def test_note_is_no_fault(tmp_path, files, uid, name):
    assert doctor.state(found(machine(tmp_path, files, uid=uid), name)) == "note"


def test_environment_hides_the_cgroup_warning(tmp_path):
    assert doctor.environment(machine(tmp_path, HYBRID)) == {"PODMAN_IGNORE_CGROUPSV1_WARNING": "1"}


def test_environment_is_empty_on_cgroup_v2(tmp_path):
    assert doctor.environment(machine(tmp_path)) == {}
