"""Each role can do what it must, and nothing more: tried on the database of the tests."""

from contextlib import closing

import psycopg2
import pytest
from django.conf import settings
from psycopg2 import errors

# The migrator is asked as it logs in; as `owner`, which it may become, it changes tables.
ROLES = ["app", "readonly", "migrator", "owner"]
# Who can do what. Nobody has a line in another way than the one written here.
STATEMENTS = {
    "SELECT count(*) FROM public.auth_group": {"app", "readonly", "owner"},
    "INSERT INTO public.auth_group (name) VALUES ('x')": {"app", "owner"},
    "UPDATE public.auth_group SET name = name": {"app", "owner"},
    "DELETE FROM public.auth_group": {"app", "owner"},
    "TRUNCATE public.auth_group CASCADE": {"owner"},
    "ALTER TABLE public.auth_group ADD x int": {"owner"},
    "CREATE INDEX ON public.auth_group (name)": {"owner"},
    "DROP TABLE public.auth_group CASCADE": {"owner"},
    "CREATE TABLE public.x (y int)": {"owner"},
    "CREATE TEMP TABLE x (y int)": {"owner"},
    "CREATE FUNCTION public.x() RETURNS int LANGUAGE sql AS 'SELECT 1'": {"owner"},
    "CREATE SCHEMA x": {"owner"},
    "CREATE EXTENSION pg_trgm SCHEMA public": {"owner"},
    "CREATE EXTENSION file_fdw SCHEMA public": set(),
    "CREATE ROLE x": set(),
    "ALTER ROLE app CONNECTION LIMIT -1": set(),
    "ALTER ROLE readonly SUPERUSER": set(),
    "SELECT rolpassword FROM pg_authid": set(),
    "SELECT pg_read_file('/etc/passwd')": set(),
    "COPY public.auth_group TO PROGRAM 'cat'": set(),
    "COPY public.auth_group FROM '/etc/passwd'": set(),
    "SELECT count(*) FROM public.django_migrations": {"app", "readonly", "owner"},
    "INSERT INTO public.django_migrations (app, name, applied) VALUES ('x', 'x', now())": {"owner"},
    "UPDATE public.django_migrations SET name = name": {"owner"},
    "DELETE FROM public.django_migrations": {"owner"},
    "SET ROLE owner": {"migrator", "owner"},
    "SET ROLE postgres": set(),
    "SET SESSION AUTHORIZATION postgres": set(),
}
LIMITS = {
    "app": {"statement_timeout": "20s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "30s"},
    "readonly": {"statement_timeout": "5min", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "5min"},
    "migrator": {"statement_timeout": "5min", "lock_timeout": "5s"},
}
REFUSED = (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction)


def connect(role, **options):
    host = settings.DATABASES["default"]["HOST"]
    return psycopg2.connect(**{"host": host, "dbname": "service", "user": role, "password": "test"} | options)


def can(role, statement):
    """Whether a role may; what it has done is taken back."""
    with closing(connect("migrator" if role == "owner" else role)) as connection, connection.cursor() as cursor:
        if role == "owner":
            cursor.execute("SET ROLE owner")
        if role == "readonly":
            # The setting is for convenience, and the rights must do without.
            cursor.execute("SET default_transaction_read_only = off")
        connection.commit()
        try:
            cursor.execute(statement)
        except REFUSED:
            return False
        finally:
            connection.rollback()
        return True


@pytest.mark.parametrize("statement", STATEMENTS)
def test_statement_is_for_these_roles_only(statement):
    assert {role for role in ROLES if can(role, statement)} == STATEMENTS[statement]


@pytest.mark.parametrize("role", LIMITS)
def test_role_has_its_limits(role):
    with closing(connect(role)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s)", [[*LIMITS[role]]])
        assert dict(cursor.fetchall()) == LIMITS[role]


@pytest.mark.parametrize("role", ["owner", "backup", "postgres"])
def test_role_cannot_log_in_from_the_network(role):
    with pytest.raises(psycopg2.OperationalError, match=r"no pg_hba\.conf entry"):
        connect(role)


@pytest.mark.parametrize("role", ["app", "readonly"])
@pytest.mark.parametrize("database", ["postgres", "template1"])
def test_role_has_one_database(role, database):
    with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
        connect(role, dbname=database)


def test_wrong_password_is_refused():
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        connect("app", password="other")


def test_every_password_is_stored_as_scram():
    with closing(connect("readonly")) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW password_encryption")
        assert cursor.fetchone()[0] == "scram-sha-256"


def test_costs_of_statements_are_counted():
    with closing(connect("migrator", dbname="postgres")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_statements")
        assert cursor.fetchone()[0] > 0
