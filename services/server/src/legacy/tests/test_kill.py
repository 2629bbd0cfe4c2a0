"""A killed import is resumed."""

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from comics.models import NewCharacter
from legacy.models import Progress

ROWS = 30_000
MANY = (
    "TRUNCATE characters",
    f"INSERT INTO characters SELECT n, 'Name ' || n, n % 4, '2001-02-03' FROM generate_series(1, {ROWS}) AS n",
    "UPDATE characters SET name = '' WHERE id % 1000 = 0",
)


def kill_import(count, environment):
    """Start the import, and kill it as soon as it has read this many rows."""
    words = [sys.executable, settings.BASE_DIR / "manage.py", "legacyimport", "--table", "characters"]
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 300
    while not Progress.objects.filter(pk="characters", read__gte=count).exists():
        assert process.poll() is None, "the import ended before it was killed"
        assert time.monotonic() < deadline
    process.kill()
    process.wait()


@pytest.mark.django_db(transaction=True, databases=["default", "legacy"])
def test_killed_import_resumes_without_gaps_or_duplicates(change, legacy_database, tmp_path, capsys):
    change(*MANY)
    call_command("legacyimport", table=["publishers"], folder=tmp_path)
    url = f"postgres://migrator:test@127.0.0.1/{legacy_database}"
    environment = os.environ | {"POSTGRES_DB": connection.settings_dict["NAME"], "LEGACY_DATABASE_URL": url}
    for count in (0, 1):
        kill_import(count, environment)
    call_command("legacyimport", table=["characters"], folder=tmp_path)
    assert "characters: 30000 source rows, 29970 target rows, 30 invalid, 7500 nullified" in capsys.readouterr().out
    assert NewCharacter.objects.filter(pk__in=range(1, ROWS + 1)).count() == ROWS - ROWS // 1000
