"""A volume of an older image gets at each start what the image of today makes when it is built."""

import pytest

from support.commands import podman

# What the first releases did not make: an extension, roles, the copy for `inv fresh`, databases' rights and settings.
OLDER = {
    "postgres": [
        "DROP EXTENSION pg_stat_statements",
        "DROP DATABASE initial",
        "DROP DATABASE test_service",
        "REVOKE CONNECT ON DATABASE postgres FROM migrator, backup",
        "REVOKE CONNECT ON DATABASE service FROM readonly, backup",
        "GRANT ALL ON DATABASE service TO PUBLIC",
        "ALTER ROLE app RESET ALL",
        "ALTER ROLE migrator RESET ALL",
    ],
    "service": ["DROP OWNED BY readonly, backup", "GRANT CREATE ON SCHEMA public TO PUBLIC"],
    "template1": ["DROP ROLE readonly, backup"],
}
# What the image makes, apart from rows: roles with attributes, settings, memberships and passwords, extensions, rights.
MADE = {
    "postgres": [
        "SELECT to_jsonb(pg_roles) - 'oid' FROM pg_roles",
        "SELECT setrole::regrole, setdatabase, setconfig FROM pg_db_role_setting",
        "SELECT roleid::regrole, member::regrole, inherit_option, set_option FROM pg_auth_members",
        "SELECT rolname FROM pg_authid WHERE rolpassword IS NOT NULL",
        "SELECT datname, datacl FROM pg_database WHERE datname NOT IN ('initial', 'test_service')",
    ],
    "service": ["SELECT relname, relowner::regrole, relacl FROM pg_class WHERE oid >= 16384 AND relkind IN ('r', 'S')"],
}
IN_EACH = [
    "SELECT extname, extversion, extnamespace::regnamespace FROM pg_extension",
    "SELECT nspname, nspacl FROM pg_namespace",
    "SELECT defaclrole::regrole, defaclobjtype, defaclacl FROM pg_default_acl",
]


def psql(pod, database: str, *statements: str) -> str:
    words = [word for statement in statements for word in ("--command", statement)]
    options = ["--set=ON_ERROR_STOP=1", "--tuples-only", f"--dbname={database}"]
    result = podman("exec", f"{pod.name}-db", "psql", *options, *words)
    assert result.code == 0, result.output
    return result.output


def made(pod) -> dict[str, str]:
    """The results of all statements that show what the image makes."""
    return {
        f"{database}: {statement}": "\n".join(sorted(psql(pod, database, statement).splitlines()))
        for database, statements in MADE.items()
        for statement in [*statements, *IN_EACH]
    }


@pytest.fixture(scope="module")
def older(pod):
    """The results for a new volume, and the pod, started again after its volume has lost what they show."""
    expected = made(pod)
    for database, statements in OLDER.items():
        psql(pod, database, *statements)
    assert made(pod) != expected
    result = pod.inv("restart")
    assert result.code == 0, result.output
    return expected, pod


def test_all_that_the_image_makes_is_in_an_older_volume(older):
    expected, pod = older
    assert made(pod) == expected


def test_service_reads_and_writes_an_older_volume(older):
    assert older[1].writes()


def test_older_volume_is_backed_up(older, tmp_path):
    result = older[1].inv("db.backup", "--to", str(tmp_path))
    assert result.code == 0, result.output


def test_statements_of_an_older_volume_are_counted(older):
    assert int(psql(older[1], "postgres", "SELECT count(*) FROM pg_stat_statements")) > 0


def test_older_volume_is_reset(older):
    result = older[1].inv("fresh", "--yes")
    assert result.code == 0, result.output
