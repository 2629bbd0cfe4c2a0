"""The migrations of the code, compared with those that the database has."""

from functools import cache

import psycopg2
from django.db.migrations.loader import MigrationLoader

from runtime.connection import rows


class MigrationsMissingError(Exception):
    """The database is older than the code."""


UNUSABLE = (psycopg2.Error, TimeoutError, MigrationsMissingError)


def require_migrations(database, deadline):
    """Check that the database has every migration of the code; raises MigrationsMissingError, and as `connect` does.

    Returns the later ones of the database: this release keeps serving while a newer one is rolled out.
    """
    applied = {*rows(database, "SELECT app, name FROM django_migrations", deadline)}
    if missing := known_migrations() - applied:
        raise MigrationsMissingError(f"not migrated: {named(missing)}")
    return later(applied)


def named(migrations):
    """The names of migrations as Django writes them."""
    return ", ".join(sorted(map(".".join, migrations)))


def later(applied):
    """The applied migrations that follow the last known one of their application; squashed ones come before it."""
    last = {app: max(name for other, name in known_migrations() if other == app) for app, _ in known_migrations()}
    return {(app, name) for app, name in applied if name > last.get(app, name)}


@cache
def known_migrations():
    """The (application, name) of every migration in the code."""
    return {*MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
