"""The content of a database in one snapshot: its version, its migrations, and count and hash of every table.

The hash of a table is the sum of the hashes of its rows as text: it takes one pass and does not depend on their order.
PostgreSQL keeps the hash function from release to release, since tables are partitioned by it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from invoke import Exit

from tasklib.core import podman, shell
from tasklib.core.services import DATABASE
from tasklib.database import values

END = "end"
# So that values have the same text in every session: https://www.postgresql.org/docs/17/runtime-config-client.html
SETTINGS = {
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "timezone": "UTC",
    "datestyle": "ISO",
    "intervalstyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "search_path": "",
}
FACTS = """
SELECT jsonb_build_object('snapshot', pg_export_snapshot(), 'time', now(),
    'postgres', current_setting('server_version_num')::int / 10000);
SELECT jsonb_build_object('migrations', coalesce(jsonb_agg(app || '.' || name ORDER BY app, name), '[]'))
FROM public.django_migrations;
"""
# Makes a statement for each table that no extension has made, and runs it.
TABLES = """
SELECT format('SELECT jsonb_build_object(''table'', %L, ''rows'', count(*), ''hash'','
    ' coalesce(sum(hashtextextended((t.*)::text COLLATE "C", 0)), 0)::text) FROM ONLY %I.%I AS t',
    nspname || '.' || relname, nspname, relname)
FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid
WHERE relkind = 'r' AND relpersistence <> 't' AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
    AND pg_class.oid NOT IN (SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND deptype = 'e')
ORDER BY nspname, relname
\\gexec
"""
# Of 1 MiB parts, because no value is larger than 1 GB. Backups of older releases have none.
LARGE_OBJECTS = """
SELECT jsonb_build_object('table', 'large objects', 'rows', count(DISTINCT oid), 'hash', sum(hashtextextended(
    format('%s %s %s', oid, part, md5(lo_get(oid, part << 20, 1 << 20))) COLLATE "C", 0))::text)
FROM pg_largeobject_metadata, LATERAL lo_open(oid, x'40000'::int) AS file, LATERAL lo_lseek64(file, 0, 2) AS bytes,
    LATERAL generate_series(0, bytes >> 20) AS part HAVING count(*) > 0;
"""
SCRIPT = "\n".join(
    [
        r"\set ON_ERROR_STOP on",
        *(f"SET {name} = '{value}';" for name, value in SETTINGS.items()),
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;",
        FACTS,
        TABLES,
        LARGE_OBJECTS,
        f"SELECT jsonb_build_object('{END}', true);",
        "",
    ]
)


class Table(NamedTuple):
    """The rows of a table, summed up."""

    rows: int
    hash: str


@dataclass(frozen=True)
class Content:
    """The content of a database."""

    postgres: int  # the major version
    migrations: list[str]  # application.name
    tables: dict[str, Table]  # by schema.name

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"tables": {name: table._asdict() for name, table in self.tables.items()}}

    @property
    def rows(self) -> int:
        """The number of rows of all tables."""
        return sum(table.rows for table in self.tables.values())


def psql(container: str, role: str = "backup", database: str = DATABASE) -> shell.Words:
    """Run psql on SQL from standard input and print bare values; the socket needs no password."""
    words = ["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", f"--username={role}", f"--dbname={database}"]
    return podman.execute(container, "psql", *words)


def from_json(document: Any) -> Content:
    """The content that `as_json` has written. Raises ValueError."""
    document = values.members(document, "postgres", "migrations", "tables")
    return Content(
        values.number(document["postgres"], 1000),
        values.texts(document["migrations"], values.LABEL),
        {values.text(name, values.LABEL): table(entry) for name, entry in values.members(document["tables"]).items()},
    )


def table(document: Any) -> Table:
    """The sums of a table. Raises ValueError."""
    document = values.members(document, "rows", "hash")
    return Table(values.number(document["rows"], 1 << 63), values.text(document["hash"], values.HASH))


def facts(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The facts that SCRIPT prints, up to its end. Raises Exit if the end is missing."""
    for line in lines:
        fact = json.loads(line)
        if END in fact:
            return
        yield fact
    raise Exit("the database was not read to its end (above: why) - look at it: inv logs db")


def gather(lines: Iterable[str]) -> tuple[Content, dict[str, Any]]:
    """The content that SCRIPT has printed, and the name and time of its snapshot. Raises Exit."""
    document: dict[str, Any] = {"tables": {}}
    for fact in facts(lines):
        if "table" in fact:
            document["tables"][fact["table"]] = {"rows": fact["rows"], "hash": fact["hash"]}
        else:
            document |= fact
    snapshot = {name: document.pop(name) for name in ("snapshot", "time")}
    return from_json(document), snapshot


def rows(container: str, statements: str, role: str = "postgres") -> list[str]:
    """The rows that statements return in the database of a running container. Raises Exit."""
    # A superuser resolves no name where others may create objects.
    result = shell.capture(psql(container, role), f"SET search_path = pg_catalog;\n{statements}")
    if result.returncode:
        raise Exit(
            f"the database of {container} was not read: {shell.last_lines(result.stderr, 1)} - look at: inv logs db"
        )
    return result.stdout.splitlines()


def read(container: str, role: str = "backup") -> Content:
    """The content of the database of a running container. Raises Exit.

    Not as superuser, since a restored table may have a cast to text, which is code.
    """
    return gather(rows(container, SCRIPT, role))[0]


def differences(wanted: Content, actual: Content) -> list[str]:
    """The differences between two contents, in words; the version is not compared."""
    different = [f"migration {name} is missing" for name in wanted.migrations if name not in actual.migrations]
    different += [f"migration {name} is new" for name in actual.migrations if name not in wanted.migrations]
    different += [f"table {name} is new" for name in actual.tables if name not in wanted.tables]
    for name, table in wanted.tables.items():
        other = actual.tables.get(name)
        if not other:
            different.append(f"table {name} is missing")
        elif other.rows != table.rows:
            different.append(f"table {name} has {other.rows} rows instead of {table.rows}")
        elif other.hash != table.hash:
            different.append(f"table {name} has other rows")
    return different
