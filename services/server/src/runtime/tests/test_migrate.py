"""Migrations run once at a time, all of them or none."""

import io
import threading
from contextlib import closing

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, migrations
from django.db.migrations.loader import MigrationLoader

from runtime import migrations as code
from runtime.management.commands.migrate import LOCK

pytestmark = pytest.mark.django_db(transaction=True)
APP = {"user": "app", "options": ""}
TABLES = "SELECT count(*) FROM pg_tables WHERE tablename = 'new_table'"


def migration(name, sql, after, atomic=True):
    made = migrations.Migration(name, "contenttypes")
    made.operations, made.dependencies, made.atomic = [migrations.RunSQL(sql, "DROP TABLE new_table")], [after], atomic
    return made


@pytest.fixture
def later(monkeypatch):
    """Add migrations by their SQL to those of the code; what they have made is removed."""
    added = {}
    load = MigrationLoader.load_disk

    def load_disk(self):
        load(self)
        self.disk_migrations |= added

    def add(*statements, atomic=True):
        after = ("contenttypes", "0002_remove_content_type_name")
        for number, sql in enumerate(statements, 3):
            key = ("contenttypes", f"{number:04}_later")
            added[key] = migration(key[1], sql, after, atomic)
            after = key

    monkeypatch.setattr(MigrationLoader, "load_disk", load_disk)
    yield add
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS new_table")
        cursor.execute("DELETE FROM django_migrations WHERE name LIKE '%_later'")


def migrate():
    output = io.StringIO()
    call_command("migrate", stdout=output)
    return output.getvalue()


def tables():
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return cursor.fetchone()[0]


def test_all_that_is_missing_is_applied(later):
    later("CREATE TABLE new_table (x int)", "ALTER TABLE new_table ADD y int")
    assert "contenttypes.0004_later... OK" in migrate()
    assert "No migrations to apply" in migrate()


def test_failure_is_named_and_leaves_the_old_state(later):
    later("CREATE TABLE new_table (x int)", "SELECT 1/0")
    failure = "contenttypes.0004_later failed: division by zero - the database is as it was"
    with pytest.raises(CommandError, match=f"^{failure}$"):
        migrate()
    assert tables() == 0


def test_failure_outside_a_transaction_says_so(later):
    later("CREATE TABLE new_table (x int)", "SELECT 1/0", atomic=False)
    with pytest.raises(CommandError, match=r"^contenttypes.0004_later failed: division by zero - see showmigrations"):
        migrate()
    assert tables() == 1


def test_rows_of_one_migration_do_not_stop_the_next(later):
    row = "INSERT INTO auth_permission (name, content_type_id, codename) SELECT 'n', min(id), 'c' FROM "
    table = "ALTER TABLE auth_permission"
    later(f"{row} django_content_type", f"{table} ADD new_column int", f"{table} DROP new_column")
    assert "contenttypes.0005_later... OK" in migrate()


def test_second_one_waits_and_finds_nothing_to_do(later):
    later("CREATE TABLE new_table (x int)")
    output = []
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        second = threading.Thread(target=lambda: (output.append(migrate()), connection.close()))
        second.start()
        while not waits(cursor):
            assert second.is_alive()
        migrated = "INSERT INTO django_migrations (app, name, applied) VALUES ('contenttypes', '0003_later', now())"
        cursor.execute(migrated)
    other.close()
    second.join()
    assert "Another migration is running: waiting" in output[0]
    assert "No migrations to apply" in output[0]


def test_lock_of_another_role_is_not_waited_for_without_end(monkeypatch):
    monkeypatch.setattr("runtime.management.commands.migrate.OTHER_SECONDS", 1)
    with closing(psycopg2.connect(**connection.get_connection_params() | APP)) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        end = rf"pg_terminate_backend\({other.info.backend_pid}\)"
        with pytest.raises(CommandError, match=f"role 'app' has held .* {end}"):
            migrate()
    assert "No migrations to apply" in migrate()


def waits(cursor):
    cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = %s", [LOCK])
    return cursor.fetchone()[0]


def test_newer_database_is_told(monkeypatch):
    monkeypatch.setattr(code, "known_migrations", lambda: {("contenttypes", "0001_initial")})
    assert "The database is newer than this code: it has contenttypes.0002_remove_content_type_name." in migrate()
