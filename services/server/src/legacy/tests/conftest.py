"""Fixtures for a legacy database: in PostgreSQL, one for each pytest process, or in a file of SQLite."""

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.db import connection, connections

from config.environment import Environment
from legacy.environment import database_settings
from legacy.router import LEGACY

RAILS = (Path(__file__).parents[2] / "comics" / "tests" / "rails.sql").read_text()


def execute(database, *statements):
    """Run statements as the owner of the legacy database, whose role of the application only reads."""
    parameters = connection.get_connection_params() | {"dbname": database}
    with closing(psycopg2.connect(**parameters)) as owner:
        owner.autocommit = True
        for statement in statements:
            owner.cursor().execute(statement)


@contextmanager
def legacy_alias(**changes):
    """Point the alias `legacy` to another database, in all threads."""
    current, before, original = connections.settings[LEGACY], dict(connections.settings[LEGACY]), connections[LEGACY]
    current.update(changes)
    connections[LEGACY] = connections.create_connection(LEGACY)
    yield
    connections[LEGACY].close()
    current.clear()
    current.update(before)
    connections[LEGACY] = original


@pytest.fixture(scope="session", autouse=True)
def legacy_database(django_db_setup, django_db_blocker, worker_id):
    """Create the legacy database of this process; return its name."""
    name, maintenance = f"legacy_{worker_id}", "postgres"
    with django_db_blocker.unblock():
        execute(maintenance, f"CREATE DATABASE {name} TEMPLATE template0")
        connections.settings[LEGACY]["NAME"] = connections[LEGACY].settings_dict["NAME"] = name
        yield name
        connections[LEGACY].close()
        execute(maintenance, f"DROP DATABASE {name}")


@pytest.fixture
def change(legacy_database):
    """Return a function that runs statements on the legacy database, which has the tables of rails.sql."""

    def change(*statements):
        execute(legacy_database, *statements, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO migrator")

    change("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "GRANT USAGE ON SCHEMA public TO migrator", RAILS)
    with legacy_alias():
        yield change


@pytest.fixture
def bytes_database(legacy_database):
    """Point the alias to a database that stores text without checking its encoding."""
    name = f"{legacy_database}_bytes"
    execute("postgres", f"CREATE DATABASE {name} TEMPLATE template0 ENCODING SQL_ASCII LOCALE_PROVIDER libc LOCALE 'C'")
    execute(name, "SET client_encoding = 'SQL_ASCII'", RAILS, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO migrator",
            r"INSERT INTO characters VALUES (20, E'Caf\xe9', 1, '2001-02-03')")  # fmt: skip
    with legacy_alias(NAME=name):
        yield
    execute("postgres", f"DROP DATABASE {name}")


@pytest.fixture
def change_sqlite(tmp_path):
    """Return a function that runs statements on a legacy database in SQLite, with the same tables."""
    file = tmp_path / "legacy.sqlite3"

    def change(*statements, values=()):
        with closing(sqlite3.connect(file)) as database:
            for statement in statements:
                database.execute(statement, values) if values else database.executescript(statement)
            database.commit()

    change(RAILS)
    with legacy_alias(**database_settings(Environment(), f"sqlite:///{file}")):
        yield change
