"""Retention of backups, refused backups, and the commands; nothing runs."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from invoke import Exit, MockContext

from tasklib.core.project import Project
from tasklib.database import backup, pipes, restore, staging
from tasklib.database.tests.test_backup_file import CONTENT, MANIFEST, write

PROJECT = Project("shop")


def stored(folder, days, **changes):
    """Backups of the project on these days."""
    return [write(folder / f"shop-202611{day}T030000Z.zip", replace(MANIFEST, **changes)) for day in days]


def test_newest_are_kept(tmp_path):
    old, *newer = stored(tmp_path, [21, 22, 23])
    backup.remove_older(PROJECT, tmp_path, 2)
    assert sorted(tmp_path.iterdir()) == newer
    assert not old.exists()


def test_broken_backup_stays_and_does_not_count(tmp_path):
    paths = stored(tmp_path, [21, 22, 23])
    paths[2].write_bytes(b"broken")
    backup.remove_older(PROJECT, tmp_path, 2)
    assert sorted(tmp_path.iterdir()) == paths


def test_backups_of_another_pod_stay(tmp_path):
    paths = stored(tmp_path, [21, 22], pod="other")
    backup.remove_older(PROJECT, tmp_path, 1)
    assert sorted(tmp_path.iterdir()) == paths


def test_nothing_less_than_one_is_kept(tmp_path):
    with pytest.raises(Exit, match="-1 backups cannot be kept"):
        backup.backup(MockContext(), PROJECT, tmp_path, -1)


def test_missing_folder_is_refused_and_not_made(tmp_path):
    with pytest.raises(Exit, match=r"no folder '.+/nas', so no backup was written - mount its disk, or make it: mkdir"):
        backup.require_folder(tmp_path / "nas")
    assert list(tmp_path.iterdir()) == []


def test_file_in_place_of_the_usual_folder_is_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(backup.state, "require", lambda *_: None)
    backup.FOLDER.touch()
    with pytest.raises(Exit, match="no backup was written to backups: File exists - try another"):
        backup.backup(MockContext(), PROJECT, backup.FOLDER, 0)


def test_usual_folder_is_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    backup.require_folder(backup.FOLDER)
    assert backup.FOLDER.is_dir()


@pytest.mark.parametrize(("further", "is_said"), [(0, True), (1, False)], ids=["same", "other"])
def test_folder_on_the_disk_of_the_data_is_said(tmp_path, monkeypatch, capsys, further, is_said):
    answer = SimpleNamespace(stdout=f"{tmp_path.stat().st_dev + further}\n")
    monkeypatch.setattr(backup.shell, "capture", lambda _: answer)
    backup.warn_of_same_disk(PROJECT, tmp_path)
    assert ("is on the same disk as the data" in capsys.readouterr().out) == is_said


def test_dump_of_a_snapshot():
    assert backup.dump("shop-db", "4-A-1") == [
        *("podman", "exec", "--interactive", "shop-db", "pg_dump", "--username=backup", "--format=custom"),
        *("--compress=zstd", "--create", "--snapshot=4-A-1", "service"),
    ]


def test_scratch_has_no_network_and_no_password():
    assert staging.serve("localhost/shop-db", "shop-db-data-x", "shop-db-data-x", {"autovacuum": "off"}) == [
        *("podman", "run", "--rm", "--restart", "no", "--read-only", "--cap-drop", "all"),
        *(
            "--detach",
            "--name",
            "shop-db-data-x",
            "--network",
            "none",
            "--shm-size",
            "256m",
            "--entrypoint",
            "postgres",
        ),
        *("--stop-signal", "SIGINT", "--volume", "shop-db-data-x:/var/lib/postgresql/data"),
        *("--tmpfs", "/run/postgresql:mode=1777", "--tmpfs", "/tmp:mode=1777", "localhost/shop-db"),
        *("-c", "config_file=/etc/postgresql/postgresql.conf", "-c", "autovacuum=off"),
    ]


def test_data_is_not_replaced_without_a_word(monkeypatch):
    monkeypatch.setattr(staging, "has_data", lambda _: True)
    with pytest.raises(Exit, match=r"volume shop-db-data holds data .+: inv db.restore x.zip --replace"):
        staging.require_replaceable(PROJECT, replace=False, again="inv db.restore x.zip")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": 2}, "has format 2, newer than 1 - update the tasks"),
        ({"project": "other"}, "of the project 'other'"),
    ],
    ids=["newer", "foreign"],
)
def test_strange_backup_is_refused(tmp_path, monkeypatch, change, told):
    monkeypatch.setattr(restore.store, "require_images", lambda *_: None)
    monkeypatch.setattr(restore, "common_name", lambda: "shop")
    (path,) = stored(tmp_path, [21], **change)
    with pytest.raises(Exit, match=told):
        restore.checked(PROJECT, path)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"postgres": 18}, "of PostgreSQL 18, the image has 17"),
        ({"migrations": ["a.0002_b"]}, "has the migration a.0002_b"),
    ],
    ids=["postgres", "migration"],
)
def test_backup_of_newer_images_is_refused(tmp_path, change, told):
    with pytest.raises(Exit, match=told):
        restore.require_known(tmp_path, replace(CONTENT, **change), CONTENT)


def test_backup_of_older_images_is_taken(tmp_path):
    restore.require_known(tmp_path, replace(CONTENT, postgres=16, migrations=[]), CONTENT)


def test_other_content_is_refused(tmp_path, capsys):
    with pytest.raises(Exit, match="does not restore to what was backed up"):
        restore.require_equal(tmp_path, CONTENT, replace(CONTENT, tables={}))
    assert "table public.shop_item is missing" in capsys.readouterr().out


def test_failing_command_tells_its_first_error():
    source = "import sys; sys.exit('x: error: first\\nx: error: second')"
    with pytest.raises(Exit, match="x: error: first - look"), pipes.piped(["python3", "-c", source]):
        pass


def test_command_that_takes_no_input_tells_why(tmp_path):
    (tmp_path / "large").write_bytes(bytes(1 << 20))
    command = ["python3", "-c", "raise SystemExit('full')"]
    with (tmp_path / "large").open("rb") as source, pytest.raises(Exit, match="full - look"):
        pipes.feed(MockContext(), command, source, "trying")
