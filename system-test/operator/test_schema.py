"""A later image meets the volume of an earlier one: it migrates it once, or leaves it as it was."""

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.checkout import podman
from support.copies import Copy
from support.pods import start

MIGRATIONS = "services/server/src/tweet/migrations"
MIGRATION = """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("tweet", "{after}")]
    operations = [migrations.RunSQL("{sql}")]
"""
NOTES = "CREATE TABLE notes (x int)"


@pytest.fixture
def old(copy):
    """A pod of an older release, with a row of its own; its image is kept as `server:old`."""
    start(copy)
    assert copy.tweet("before the release") == 201
    image = f"localhost/{copy.name}-server"
    podman("tag", image, f"{image}:old")
    yield copy
    podman("image", "rm", f"{image}:old")


def release(copy, **migrations):
    """Make a server image with further migrations, by the end of their names."""
    after = "0002_author"
    for number, (name, sql) in enumerate(migrations.items(), 3):
        file = copy.folder / MIGRATIONS / f"{number:04}_{name}.py"
        file.write_text(MIGRATION.format(after=after, sql=sql))
        after = file.stem
        copy.patch_image("server", f"{MIGRATIONS}/{file.name}", f"/srv/src/tweet/migrations/{file.name}")


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
    assert "Applying tweet.0003_notes... OK" in result.output
    assert (notes(old), old.tweets()[0]) == ("t", "before the release")
    assert "migrate" not in old.inv("up").output
    go_back(old)
    result = old.inv("up")
    assert "The database is newer than this code: it has tweet.0003_notes." in result.output
    assert (result.code, old.tweets()[0]) == (0, "before the release")


def test_failing_migration_is_named_and_leaves_the_old_state(old):
    release(old, notes=NOTES, broken="SELECT 1/0")
    result = old.inv("up")
    assert result.code == 1
    expected = "the database was not migrated: tweet.0004_broken failed: division by zero - the database is as it was"
    assert result.last_line.startswith(expected)
    assert old.leftovers() == []
    go_back(old)
    assert old.inv("up").code == 0
    assert (notes(old), old.tweets()[0]) == ("f", "before the release")


def test_release_that_nobody_migrates_takes_no_requests(old, eventually):
    release(old, notes=f"SELECT pg_sleep(2); {NOTES}")
    old.inv("down")
    podman("kube", "play", f"build/{old.name}.yaml", cwd=old.folder)
    eventually(lambda: old.get("/healthcheck/live/").status == 200)

    def is_refused():
        answer = old.get("/tweet/")
        return answer.status == 503 and json.load(answer).get("detail") == "The database is not migrated yet."

    eventually(is_refused)
    answer = old.get("/tweet/")
    assert (answer.headers["Content-Type"], answer.headers["Retry-After"]) == ("application/problem+json", "1")
    outputs = [command.result().output for command in both(old)]
    assert sorted("Applying tweet.0003_notes... OK" in output for output in outputs) == [False, True]
    assert sorted("Another one migrates" in output for output in outputs) == [False, True]
    eventually(lambda: old.get("/tweet/").status == 200)


def both(copy):
    """Migrate twice at once."""
    with ThreadPoolExecutor() as pool:
        return [pool.submit(copy.inv, "manage", "--args", "migrate") for _ in range(2)]


def test_migration_of_an_edited_model_is_written_for_its_owner(running, tmp_path):
    tree = Copy(tmp_path, running.name, running.images, running.offset)
    tree.copy_files(running.folder)
    tree.replace(
        "services/server/src/tweet/models.py",
        "    timestamp = ",
        "    note = models.TextField(null=True)\n    timestamp = ",
    )
    result = tree.inv("manage", "--args", "makemigrations tweet --name note")
    assert result.code == 0, result.output
    written = tmp_path / MIGRATIONS / "0003_note.py"
    assert "models.TextField(null=True)" in written.read_text()
    assert written.stat().st_uid == os.getuid()
    assert not list(tmp_path.glob("services/server/**/__pycache__"))
