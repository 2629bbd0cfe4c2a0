"""Podman's settings: what is in force, and what a machine needs beside it."""

import tomllib

import pytest

from tasklib.machine import containers_conf
from tasklib.machine.tests.machines import HYBRID, WEAK_ROOT, add, machine

NO_SYSTEMD = {"/proc/1/comm": "sh\n"}
LIMITS = ["nofile=20000:20000", "nproc=30000:30000"]
MAIN = "/etc/containers/containers.conf"


def wrong(here):
    """The needed settings by key."""
    return {key: value for (_, key), value in containers_conf.needed(here, containers_conf.in_force(here)).items()}


def test_later_file_wins(tmp_path):
    own = "/home/ada/.config/containers/containers.conf.d/1.conf"
    here = machine(tmp_path, {MAIN: '[engine]\nruntime = "crun"\n', own: '[engine]\nruntime = "runc"\n'})
    assert containers_conf.in_force(here) == {("engine", "runtime"): "runc"}


def test_appended_list_keeps_what_was(tmp_path):
    part = f"{MAIN}.d/1.conf"
    here = machine(tmp_path, {MAIN: '[engine]\nenv = ["A=1"]\n', part: '[engine]\nenv = ["B=2", {append = true}]\n'})
    assert containers_conf.in_force(here) == {("engine", "env"): ["A=1", "B=2"]}


def test_broken_file_is_named(tmp_path):
    with pytest.raises(tomllib.TOMLDecodeError, match=MAIN):
        containers_conf.in_force(machine(tmp_path, {MAIN: "runtime = \n"}))


def test_usual_machine_needs_nothing(tmp_path):
    assert wrong(machine(tmp_path)) == {}


def test_hybrid_cgroups_need_runc_and_quiet(tmp_path):
    assert wrong(machine(tmp_path, HYBRID)) == {
        "runtime": "runc",
        "env": ["PODMAN_IGNORE_CGROUPSV1_WARNING=1", {"append": True}],
    }


def test_plain_cgroup_v1_keeps_crun(tmp_path):
    assert list(wrong(machine(tmp_path, {"/sys/fs/cgroup/cgroup.controllers": None}))) == ["env"]


@pytest.mark.parametrize(
    ("key", "value", "needed"), [("cgroup_manager", "systemd", "cgroupfs"), ("events_logger", "journald", "file")]
)
def test_systemd_is_not_asked_for_where_it_is_not(tmp_path, key, value, needed):
    assert wrong(machine(tmp_path, {**NO_SYSTEMD, MAIN: f'[engine]\n{key} = "{value}"\n'})) == {key: needed}


def test_systemd_is_left_where_it_is(tmp_path):
    assert wrong(machine(tmp_path, {MAIN: '[engine]\ncgroup_manager = "systemd"\n'})) == {}


def test_weak_root_needs_its_own_limits(tmp_path):
    assert wrong(machine(tmp_path, WEAK_ROOT, uid=0)) == {"default_ulimits": LIMITS}


def test_strong_root_needs_no_limits(tmp_path):
    assert wrong(machine(tmp_path, uid=0)) == {}


def test_limits_within_the_machine_are_left(tmp_path):
    text = '[containers]\ndefault_ulimits = ["nofile=1000:20000", "nproc=30000"]\n'
    assert wrong(machine(tmp_path, {**WEAK_ROOT, MAIN: text}, uid=0)) == {}


@pytest.mark.parametrize("limit", ["nofile=99999:99999", "nofile=-1:-1"])
def test_limits_above_the_user_are_replaced(tmp_path, limit):
    here = machine(
        tmp_path, {"/proc/self/status": "CapEff:\t0\n", MAIN: f'[containers]\ndefault_ulimits = ["{limit}"]\n'}
    )
    assert wrong(here)["default_ulimits"] == LIMITS


def test_written_file_makes_all_right(tmp_path):
    here = machine(tmp_path, {**HYBRID, **WEAK_ROOT}, uid=0)
    file = containers_conf.written_settings(here)
    add(tmp_path, file.path, file.text)
    assert file.path == "/etc/containers/containers.conf.d/50-pod-template.conf"
    assert wrong(here) == {}


def test_written_file_stays_the_same(tmp_path):
    here = machine(tmp_path, HYBRID)
    file = containers_conf.written_settings(here)
    add(tmp_path, file.path, file.text)
    assert containers_conf.written_settings(here) == file


def test_overruled_file_is_not_written_again(tmp_path):
    here = machine(
        tmp_path, {**HYBRID, "/home/ada/.config/containers/containers.conf.d/99.conf": '[engine]\nruntime = "crun"\n'}
    )
    file = containers_conf.written_settings(here)
    add(tmp_path, file.path, file.text)
    runtime = containers_conf.settings(here)[0]
    assert (runtime.ok, runtime.fatal, list(runtime.remedy)) == (False, True, [])


def test_password_in_variable_is_not_shown(tmp_path):
    here = machine(tmp_path, {**HYBRID, MAIN: '[engine]\nenv = ["http_proxy=http://ada:secret@proxy"]\n'})
    assert "secret" not in str([(fact.found, fact.wanted) for fact in containers_conf.settings(here)])
