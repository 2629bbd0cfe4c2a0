"""A later image meets the volume of an earlier one: it migrates it once, or leaves it as it was."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.commands import podman
from support.copies import Copy
from support.pods import start

MIGRATIONS = "services/server/src/idempotency/migrations"
MIGRATION = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("idempotency", "{after}")]
    operations = [migrations.RunSQL("{sql}")]
"""
NOTES = "CREATE TABLE notes (x int)"
NOT_MIGRATED = "The database does not have the tables of this release."


@pytest.fixture
def old(copy):
    """A pod of an older release, with a row of its own; its image is kept as `server:old`."""
    start(copy)
    copy.add_group("before the release")
    image = f"localhost/{copy.name}-server"
    podman("tag", image, f"{image}:old")
    yield copy
    podman("image", "rm", f"{image}:old")


def release(copy, **migrations):
    """Make a server image with further migrations, by the end of their names."""
    after = "0001_initial"
    for number, (name, sql) in enumerate(migrations.items(), 2):
        file = copy.folder / MIGRATIONS / f"{number:04}_{name}.py"
        file.write_text(MIGRATION.format(after=after, sql=sql))
        after = file.stem
        copy.patch_image("server", f"{MIGRATIONS}/{file.name}", f"/srv/src/idempotency/migrations/{file.name}")


def go_back(copy):
    """Let the older image be the current one."""
    podman("tag", f"localhost/{copy.name}-server:old", f"localhost/{copy.name}-server")


def notes(copy):
    """Whether the table of the later release is there."""
    return copy.sql("SELECT to_regclass('public.notes') IS NOT NULL")


def test_later_release_migrates_once_and_older_one_goes_on(old):
    release(old, notes=NOTES)
    result = old.inv("up")
    assert result.code == 0, result.output
    assert "Applying idempotency.0002_notes... OK" in result.output
    assert (notes(old), old.groups()) == ("t", ["before the release"])
    assert "migrate" not in old.inv("up").output
    go_back(old)
    result = old.inv("up")
    assert "The database is newer than this code: it has idempotency.0002_notes." in result.output
    assert (result.code, old.groups()) == (0, ["before the release"])


def test_failing_migration_is_named_and_leaves_the_old_state(old):
    release(old, notes=NOTES, broken="SELECT 1/0")
    result = old.inv("up")
    assert result.code == 1
    reason = "idempotency.0003_broken failed: division by zero"
    assert result.last_line.startswith(f"the database was not migrated: {reason} - the database is as it was")
    assert "the former pod serves again" in result.last_line
    assert (old.answers(), old.groups()) == (True, ["before the release"])
    go_back(old)
    assert old.inv("up").code == 0
    assert (notes(old), old.groups()) == ("f", ["before the release"])


def test_release_that_nobody_migrates_takes_no_requests(old, eventually):
    release(old, notes=f"SELECT pg_sleep(2); {NOTES}")
    old.inv("down")
    podman("kube", "play", f"build/{old.name}.yaml", cwd=old.folder)
    eventually(lambda: old.get("/healthcheck/live/").status == 200)

    def is_refused():
        answer = old.get("/token/")
        return answer.status == 503 and json.load(answer).get("detail") == NOT_MIGRATED

    eventually(is_refused)
    answer = old.get("/token/")
    assert (answer.headers["Content-Type"], answer.headers["Retry-After"]) == ("application/problem+json", "10")
    outputs = [command.result().output for command in both(old)]
    assert sorted("Applying idempotency.0002_notes... OK" in output for output in outputs) == [False, True]
    assert sorted("Another migration is running" in output for output in outputs) == [False, True]
    eventually(old.answers)


def both(copy):
    """Migrate twice at once."""
    with ThreadPoolExecutor() as pool:
        return [pool.submit(copy.inv, "manage", "--args", "migrate") for _ in range(2)]


def test_migration_of_an_edited_model_is_written_for_its_owner(running, tmp_path):
    tree = Copy(tmp_path, running.name, running.images, running.offset)
    tree.copy_files(running.folder)
    tree.replace(
        "services/server/src/idempotency/models.py",
        "    created = ",
        "    note = models.TextField(null=True)\n    created = ",
    )
    result = tree.inv("manage", "--args", "makemigrations idempotency --name note")
    assert result.code == 0, result.output
    written = tmp_path / MIGRATIONS / "0002_note.py"
    assert "models.TextField(null=True)" in written.read_text()
    assert written.stat().st_uid == os.getuid()
    assert not list(tmp_path.glob("services/server/**/__pycache__"))
