"""An older database: as PostgreSQL of its own for each process of pytest, or as a file of SQLite."""

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.db import connection, connections

from config.environment import Environment
from config.legacy import database_settings
from legacy.router import LEGACY

RAILS = (Path(__file__).parents[2] / "comics" / "tests" / "rails.sql").read_text()


def execute(database, *statements):
    """Run statements as the owner of the older database, which the application cannot."""
    parameters = connection.get_connection_params() | {"dbname": database}
    with closing(psycopg2.connect(**parameters)) as owner:
        owner.autocommit = True
        for statement in statements:
            owner.cursor().execute(statement)


@contextmanager
def pointed_to(**changes):
    """Let the alias mean another database, in all threads."""
    given, before, original = connections.settings[LEGACY], dict(connections.settings[LEGACY]), connections[LEGACY]
    given.update(changes)
    connections[LEGACY] = connections.create_connection(LEGACY)
    yield
    connections[LEGACY].close()
    given.clear()
    given.update(before)
    connections[LEGACY] = original


@pytest.fixture(scope="session", autouse=True)
def legacy_database(django_db_setup, django_db_blocker, worker_id):
    """The name of an empty database."""
    name, served = f"legacy_{worker_id}", "postgres"
    with django_db_blocker.unblock():
        execute(served, f"CREATE DATABASE {name} TEMPLATE template0")
        connections.settings[LEGACY]["NAME"] = connections[LEGACY].settings_dict["NAME"] = name
        yield name
        connections[LEGACY].close()
        execute(served, f"DROP DATABASE {name}")


@pytest.fixture
def change(legacy_database):
    """Run statements on the older database; it begins with the tables of rails.sql, which may be read."""

    def change(*statements):
        execute(legacy_database, *statements, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO migrator")

    change("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "GRANT USAGE ON SCHEMA public TO migrator", RAILS)
    with pointed_to():
        yield change


@pytest.fixture
def bytes_database(legacy_database):
    """The alias means a database that never asked what its text is."""
    name = f"{legacy_database}_bytes"
    execute("postgres", f"CREATE DATABASE {name} TEMPLATE template0 ENCODING SQL_ASCII LOCALE_PROVIDER libc LOCALE 'C'")
    execute(name, "SET client_encoding = 'SQL_ASCII'", RAILS, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO migrator",
            r"INSERT INTO characters VALUES (20, E'Caf\xe9', 1, '2001-02-03')")  # fmt: skip
    with pointed_to(NAME=name):
        yield
    execute("postgres", f"DROP DATABASE {name}")


@pytest.fixture
def change_sqlite(tmp_path):
    """The same as a file of SQLite."""
    file = tmp_path / "old.sqlite3"

    def change(*statements, values=()):
        with closing(sqlite3.connect(file)) as database:
            for statement in statements:
                database.execute(statement, values) if values else database.executescript(statement)
            database.commit()

    change(RAILS)
    with pointed_to(**database_settings(Environment(), f"sqlite:///{file}")):
        yield change
