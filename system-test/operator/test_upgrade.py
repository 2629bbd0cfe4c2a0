"""Data of an older PostgreSQL is refused in words, carried over, compared, and kept."""

import pytest

from support import old_postgresql
from support.commands import podman, untag
from support.pods import start

OLD = f"PostgreSQL {old_postgresql.MAJOR}"


@pytest.fixture
def old(copy, tmp_path_factory):
    """A project that is down, whose volume holds data of an older major."""
    start(copy)
    copy.add_group("of an older PostgreSQL")
    folder = tmp_path_factory.mktemp("old")
    folder.chmod(0o755)
    dump = podman("exec", f"{copy.name}-db", "pg_dump", "--no-sync", "service")
    (folder / "dump.sql").write_text(dump.output)
    copy.inv("down")
    podman("volume", "rm", f"{copy.name}-db-data")
    old_postgresql.image(image(copy), folder)
    old_postgresql.volume(f"{copy.name}-db-data", image(copy), folder)
    return copy


def image(copy):
    return f"localhost/{copy.name}-db:{old_postgresql.MAJOR}"


def test_older_data_is_refused_carried_over_and_kept(old):
    refused = old.inv("up", environment={"INVOKE_UP_SECONDS": "8"})
    assert f"the data is of {OLD}, this image has 17 - carry it over with: inv db.upgrade" in refused.output
    assert (refused.code, old.leftovers()) == (1, [])

    podman("tag", image(old), f"localhost/{old.name}-elsewhere")
    untag(image(old))
    missing = old.inv("db.upgrade")
    assert missing.last_line.startswith(f"no image {image(old)} to read the data with - build it")
    podman("tag", f"localhost/{old.name}-elsewhere", image(old))
    untag(f"localhost/{old.name}-elsewhere")

    result = old.inv("db.upgrade")
    assert result.code == 0, result.output
    assert f"all as they were in {OLD}" in result.output
    assert "database other is not the project's, and stays in the old volume alone" in result.output
    assert old.groups() == ["of an older PostgreSQL"]
    assert old.writes()

    (kept,) = [name for name in old.volumes() if name.startswith(f"{old.name}-db-data-")]
    assert f"podman volume rm {kept}" in result.output
    version = podman("run", "--rm", "--volume", f"{kept}:/data:ro", image(old), "cat", "/data/PG_VERSION").output
    assert version.strip() == str(old_postgresql.MAJOR)
    assert "nothing to do" in old.inv("db.upgrade").output
