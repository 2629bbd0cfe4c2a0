"""A backup is one moment of a database that is being written to, and brings it back, row by row."""

import functools
import json
import os
import re
import signal
import zipfile
from pathlib import Path

import pytest
from test_stop import Load

from support.commands import podman, run
from support.pods import rows
from tasklib.database import backup_file


@pytest.fixture(scope="module")
def backups(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("backups")


def back_up(pod, folder: Path, *words: str) -> Path:
    """Write a backup; returns the file."""
    result = pod.inv("db.backup", "--to", str(folder), *words)
    assert result.code == 0, result.output
    return Path(re.search(rf"^({folder}/\S+\.zip): ", result.output, re.MULTILINE)[1])


def forged(path: Path, folder: Path, **changes) -> Path:
    """A whole backup that tells something else of itself."""
    with zipfile.ZipFile(path) as old, backup_file.written(folder / path.name) as new:
        manifest = json.loads(old.read(backup_file.MANIFEST))
        found = manifest["content"] | {key: value for key, value in changes.items() if key in manifest["content"]}
        manifest |= {key: value for key, value in changes.items() if key in manifest} | {"content": found}
        new.writestr(backup_file.MANIFEST, json.dumps(manifest))
        new.writestr(backup_file.DUMP, old.read(backup_file.DUMP))
    return folder / path.name


def with_statement(pod, folder: Path, statement: str) -> Path:
    """A whole backup whose dump holds another statement in place of a comment on a table."""
    comment = f"COMMENT ON TABLE public.auth_group IS '{'x' * 100}';"
    podman("exec", f"{pod.name}-db", "psql", "--dbname=service", f"--command={comment}")
    path = back_up(pod, folder)
    with zipfile.ZipFile(path) as old:
        dump, manifest = old.read(backup_file.DUMP), old.read(backup_file.MANIFEST)
    assert comment.encode() in dump
    with backup_file.written(path.with_name(f"forged-{path.name}")) as new:
        new.writestr(backup_file.DUMP, dump.replace(comment.encode(), statement.ljust(len(comment)).encode()))
        new.writestr(backup_file.MANIFEST, manifest)
    return path.with_name(f"forged-{path.name}")


@pytest.mark.parametrize(
    "statement",
    ["ALTER ROLE app SUPERUSER;", "RESET ROLE; ALTER ROLE app SUPERUSER;", "COPY pg_class TO PROGRAM 'cat';"],
    ids=["role", "reset", "program"],
)
def test_dump_cannot_act_as_superuser(running, tmp_path, statement):
    before, path = rows(running), with_statement(running, tmp_path, statement)
    result = running.inv("db.restore", str(path), "--replace")
    assert result.code == 1
    assert result.last_line.startswith(f"{path} cannot be restored: ")
    assert "permission denied" in result.last_line
    assert result.last_line.endswith(" - choose another one: ls backups")
    assert rows(running) == before
    assert running.writes()


@pytest.mark.parametrize(
    "statement",
    ["ALTER DATABASE service CONNECTION LIMIT 0;", "ALTER DATABASE service ALLOW_CONNECTIONS false;"],
    ids=["limit", "closed"],
)
def test_dump_that_stops_a_later_step_is_refused_alike(running, tmp_path, statement):
    path, volumes = with_statement(running, tmp_path, statement), running.volumes()
    result = running.inv("db.restore", str(path), "--replace")
    assert (result.code, running.volumes()) == (1, volumes)
    assert re.fullmatch(f"{path} cannot be restored: .+ - choose another one: ls backups", result.last_line)


def test_destroyed_database_comes_back_row_by_row(running, backups):
    running.add_group("before the fire")
    before, path = rows(running), back_up(running, backups)
    running.inv("down")
    assert podman("volume", "rm", f"{running.name}-db-data").code == 0
    result = running.inv("db.restore", str(path))
    assert result.code == 0, result.output
    assert rows(running) == before
    assert running.writes()


def test_backup_under_load_is_one_moment(running, backups, eventually):
    with Load(running) as load:
        eventually(lambda: len(load.revoked) > 30)
        path = back_up(running, backups)
        after = len(load.revoked)
        eventually(lambda: len(load.revoked) > after)
    # One session counts the rows, another dumps them: what is restored agrees only where both saw one moment.
    result = running.inv("db.backup", "--check", str(path))
    assert result.code == 0, result.output
    assert load.failed == []


def test_check_is_a_restore_on_a_new_machine_and_leaves_nothing(running, backups):
    path, before, volumes = back_up(running, backups), running.ids(), running.volumes()
    result = running.inv("db.backup", "--check", str(path))
    words = f"{path} was restored into the pod {running.name}-check, which was healthy, and is removed again"
    assert (result.code, result.last_line) == (0, words)
    assert (running.ids(), running.volumes()) == (before, volumes)
    assert podman("secret", "ls", "--filter", f"name={running.name}-check-", "--noheading").output == ""
    assert running.writes()


# What a migration and the server may make: rows that only some roles see, and large objects.
OWN = """
SET ROLE owner; CREATE TABLE public.note (a int); INSERT INTO public.note VALUES (1), (2)
SET ROLE owner; ALTER TABLE public.note ENABLE ROW LEVEL SECURITY; ALTER TABLE public.note FORCE ROW LEVEL SECURITY
SET ROLE owner; CREATE POLICY first ON public.note TO app, readonly USING (a = 1)
SET ROLE app; SELECT lo_from_bytea(4711, 'large')
"""
READ = "SELECT (SELECT count(*) FROM public.note), convert_from(lo_get(4711), 'UTF8')"


def test_everything_that_a_role_may_own_comes_back(running, backups):
    running.sql(*OWN.strip().splitlines())
    path = back_up(running, backups)
    running.sql("DROP TABLE public.note", "SELECT lo_unlink(4711)")
    result = running.inv("db.restore", str(path), "--replace")
    assert result.code == 0, result.output
    assert running.sql("SELECT count(*) FROM public.note") == "2"
    words = ["psql", "--dbname=service", "--username=app", "--quiet", "--no-align", "--tuples-only", "--command", READ]
    assert podman("exec", f"{running.name}-db", *words).output.strip() == "1|large"
    running.sql("DROP TABLE public.note", "SELECT lo_unlink(4711)")


def test_what_no_restore_can_make_is_said_by_the_backup(running, backups):
    function = "CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'"
    running.sql(function, "CREATE EVENT TRIGGER watch ON sql_drop EXECUTE FUNCTION public.watch()")
    result = running.inv("db.backup", "--to", str(backups))
    running.sql("DROP EVENT TRIGGER watch", "DROP FUNCTION public.watch()")
    assert "a restore will refuse this backup, because of event trigger watch - remove that" in result.output


def test_replacing_keeps_the_present_data(running, backups):
    path = back_up(running, backups)
    running.add_group("since the backup")
    assert running.inv("db.restore", str(path)).last_line.endswith("--replace")
    assert "since the backup" in running.groups()
    result = running.inv("db.restore", str(path), "--replace")
    assert "since the backup" not in running.groups()
    kept = re.search(r"previous data is in the volume (\S+) \(\S+ MB\)", result.output)[1]
    assert podman("volume", "exists", kept).code == 0


def test_only_the_last_data_from_before_is_kept(running, backups):
    path = back_up(running, backups)
    outputs = [running.inv("db.restore", str(path), "--replace").output for _ in range(2)]
    first, last = (re.search(r"previous data is in the volume (\S+)", output)[1] for output in outputs)
    assert f"volume {first} (" in outputs[1]
    assert [name for name in running.volumes() if f"{running.name}-db-data-" in name] == [last]


@pytest.mark.parametrize(
    "changes",
    [{"migrations": ["auth.9999_later"]}, {"tables": {"public.lost": {"rows": 1, "hash": "1"}}}],
    ids=["newer migration", "other rows"],
)
def test_refused_backup_changes_nothing(running, backups, tmp_path, changes):
    path = forged(back_up(running, backups), tmp_path, **changes)
    before, volumes, containers = rows(running), running.volumes(), running.ids()
    result = running.inv("db.restore", str(path), "--replace")
    assert (result.code, result.last_line.startswith(str(path))) == (1, True)
    assert (rows(running), running.volumes(), running.ids()) == (before, volumes, containers)


@pytest.mark.parametrize("at", ["podman exec", "pg_dump"])
def test_interrupted_backup_leaves_no_file(running, tmp_path, at):
    result = running.interrupt("db.backup", "--to", str(tmp_path), at=at)
    assert (result.code, list(tmp_path.iterdir())) == (130, [])


def test_interrupted_restore_changes_nothing(running, backups):
    path, before, volumes = back_up(running, backups), rows(running), running.volumes()
    assert running.interrupt("db.restore", str(path), "--replace", at="pg_restore").code == 130
    assert (rows(running), running.volumes()) == (before, volumes)


@pytest.fixture
def full(tmp_path):
    """A folder on a disk that is smaller than any backup."""
    assert run("mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(tmp_path)).code == 0
    yield tmp_path
    run("umount", str(tmp_path))


@pytest.mark.skipif(os.getuid() != 0, reason="only root mounts a disk")
def test_full_disk_leaves_no_file(running, full):
    result = running.inv("db.backup", "--to", str(full))
    assert result.last_line.startswith(f"no backup was written to {full}: No space left on device")
    assert list(full.iterdir()) == []


def test_killed_database_leaves_no_file(running, tmp_path, eventually):
    postgres = running.processes("db", "postgres")[0]
    kill = functools.partial(os.kill, postgres, signal.SIGKILL)
    result = running.interrupt("db.backup", "--to", str(tmp_path), at="pg_dump", by=kill)
    assert (result.code, list(tmp_path.iterdir())) == (1, [])
    assert "Traceback" not in result.output
    eventually(running.answers)


def test_oldest_backups_go(running, tmp_path):
    paths = [back_up(running, tmp_path, "--keep", "1") for _ in range(2)]
    assert sorted(tmp_path.glob("*.zip")) == paths[1:]
    assert len(list(tmp_path.glob("*.sig"))) == len(paths[1:])
