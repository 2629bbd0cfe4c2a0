"""The repairs that root and other users may make, and the commands shown to the others."""

import subprocess
from io import StringIO

import pytest
from invoke import Config, Context, Exit
from rich.console import Console

from tasklib.machine import checks, doctor
from tasklib.machine.finding import INSTALL, File, merged
from tasklib.machine.tests.machines import DEBIAN_12, HYBRID, WEAK_ROOT, machine


def printed(facts):
    """The output in a pipe of 80 columns."""
    text = StringIO()
    doctor.show(facts, Console(file=text, width=80, highlight=False, markup=False))
    return text.getvalue()


def broken(root, uid):
    """A Debian 12 without Podman, its helpers and a usable /dev/net/tun."""
    here = machine(root, {**HYBRID, **WEAK_ROOT, "/etc/os-release": DEBIAN_12}, uid=uid, podman="")
    for name in ("nft", "runc", "mmdebstrap"):
        (root / "usr/sbin" / name).unlink()
    (root / "dev/net/tun").chmod(0o600)
    return here


def test_root_repairs_everything_in_few_steps(tmp_path):
    here, done = broken(tmp_path, uid=0), []
    doctor.repair(doctor.examine(here), here, done.append)
    assert [words[0] for words in done] == ["apt-get", "env", "env", "chmod"]
    assert done[1][-1] == "nftables"
    assert done[2] == [*INSTALL, "--yes", "runc", "mmdebstrap"]


def test_user_repairs_only_own_file(tmp_path):
    here, done = broken(tmp_path, uid=1000), []
    doctor.repair(doctor.examine(here), here, done.append)
    assert done == []
    assert (tmp_path / "home/ada/.config/containers/containers.conf.d/50-pod-template.conf").is_file()
    assert not (tmp_path / "etc/apt").exists()


def test_each_repair_is_announced_once(tmp_path, capsys):
    here = machine(tmp_path, HYBRID)
    doctor.repair(doctor.examine(here), here)
    assert capsys.readouterr().out.count("Repairing the machine: write ") == 1


def test_repaired_machine_is_left_alone(tmp_path, capsys):
    here = machine(tmp_path, HYBRID)
    left = doctor.repair(doctor.repair(doctor.examine(here), here), here)
    assert capsys.readouterr().out.count("Repairing") == 1
    assert all(fact.ok for fact in left if fact.fatal)


def test_failed_step_is_told_and_the_rest_goes_on(tmp_path, capsys):
    def refuse(words):
        raise subprocess.CalledProcessError(100, words, stderr="E: no such archive\n")

    here = broken(tmp_path, uid=0)
    doctor.repair(doctor.examine(here), here, refuse)
    assert "That failed: E: no such archive\n" in capsys.readouterr().out
    assert (tmp_path / "etc/containers/containers.conf.d/50-pod-template.conf").is_file()


def test_real_command_that_fails_tells_why():
    with pytest.raises(subprocess.CalledProcessError) as caught:
        doctor.execute(["ls", "/no/such/folder"])
    assert "/no/such/folder" in caught.value.stderr


def test_require_passes_a_good_machine(tmp_path):
    assert doctor.require(machine=machine(tmp_path)) is None


def test_require_tells_the_one_command_to_type(tmp_path):
    here = machine(tmp_path)
    (tmp_path / "dev/net/tun").chmod(0o600)
    with pytest.raises(Exit) as caught:
        doctor.require(machine=here)
    assert str(caught.value) == "/dev/net/tun: mode 0600, should be mode 0666 - type as root: chmod 0666 /dev/net/tun"


def test_require_refers_to_the_list_of_many(tmp_path):
    with pytest.raises(Exit, match=r"podman: missing, should be 5.4 or newer - type: inv doctor$"):
        doctor.require(machine=broken(tmp_path, uid=1000))


def test_require_repairs_what_the_user_may(tmp_path):
    here = machine(tmp_path, HYBRID)
    doctor.require(machine=here)
    assert all(fact.ok for fact in doctor.examine(here) if fact.fatal)


def test_require_leaves_packages_of_a_few(tmp_path):
    here, done = machine(tmp_path, uid=0), []
    (tmp_path / "usr/sbin/mmdebstrap").unlink()
    doctor.require(machine=here, run=done.append)
    assert done == []


def test_little_space_stops_only_what_builds(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(checks, "free_bytes", lambda _: 10**9)
    doctor.require(machine=machine(tmp_path), builds=False)
    assert capsys.readouterr().out.startswith("disk: no space: 1.0 GB - the next build needs: 5 GB free at ")
    with pytest.raises(Exit, match=r"disk: no space: 1\.0 GB - needed: 5 GB free at "):
        doctor.require(machine=machine(tmp_path))


def test_dry_require_changes_nothing(tmp_path):
    here = machine(tmp_path, HYBRID)
    with pytest.raises(Exit):
        doctor.require(Context(Config({"run": {"dry": True}})), here)
    assert not (tmp_path / "home/ada/.config").exists()


def test_table_fits_a_pipe_of_80_columns(tmp_path):
    table = printed(doctor.examine(broken(tmp_path, uid=0))).split("\nTo repair")[0]
    assert max(map(len, table.splitlines())) <= 80


def test_root_commands_are_shown_whole(tmp_path):
    text = printed(doctor.examine(broken(tmp_path, uid=1000)))
    assert "cat > /etc/apt/sources.list.d/50-pod-template.sources <<'END'\n" in text
    assert f"\n{' '.join(INSTALL)} --yes --target-release=trixie podman crun " in text


def test_good_machine_shows_nothing_to_type(tmp_path):
    assert "root:" not in printed(doctor.examine(machine(tmp_path)))


def test_merged_steps_are_done_once():
    file = File("/f", "text\n")
    steps = [file, ["apt-get", "update"], [*INSTALL, "a"], file, ["apt-get", "update"], [*INSTALL, "b"], ["chmod", "x"]]
    assert merged(steps) == [file, ["apt-get", "update"], [*INSTALL, "a", "b"], ["chmod", "x"]]
