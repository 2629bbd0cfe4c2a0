"""Write the rows of the older database in one of several ways; print the seconds, rows and memory as JSON.

Usage: legacy_import.py WAY
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from io import BytesIO
from itertools import batched, islice
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection, connections, transaction  # noqa: E402 - the settings come first

from comics.mappings import MAPPINGS, character  # noqa: E402
from comics.models import NewCharacter, OldCharacter  # noqa: E402
from legacy.mapping import Mapping  # noqa: E402
from legacy.models import Progress, RejectedRow  # noqa: E402
from legacy.transfer import engine, report, schema, target  # noqa: E402

PUBLISHERS, CHARACTERS = MAPPINGS[:2]
FEW = 2_000  # of the slowest way, whose time grows with the rows
# The transformation of each row, as a query of the older database.
TRANSFORMED = """
    COPY (SELECT id, split_part(name, ' (', 1), rtrim(split_part(name, ' (', 2), ')'), publisher_id, created_at
    FROM characters ORDER BY id) TO STDOUT
"""
UNCHANGED = "COPY (SELECT id, name, city FROM publishers ORDER BY id) TO STDOUT"


def new_rows() -> Any:
    """The new characters, one by one, as an ordinary program creates them."""
    for old in OldCharacter.objects.order_by("pk").iterator():
        yield NewCharacter(**character(old.pk, old.name, old.publisher_id, old.created_at)._asdict())


def save() -> int:
    """Save each row separately."""
    for row in islice(new_rows(), FEW):
        row.save(force_insert=True)
    return FEW


def bulk_create() -> int:
    """Insert a thousand rows at once, in one transaction."""
    count = 0
    with transaction.atomic():
        for rows in batched(new_rows(), 1000):
            count += len(NewCharacter.objects.bulk_create(rows))
    return count


def imported(mapping: Mapping) -> int:
    """Import and verify a table."""
    engine.open_session()
    progress = engine.run(mapping, None, lambda _: None)
    took["import"] = time.monotonic() - start
    if faults := report.verify(mapping, progress, None).faults:
        sys.exit("\n".join(faults))
    return progress.written


def ready(mapping: Mapping, data: bytes) -> int:
    """Copy text that was prepared."""
    copy = target.copy_statement(mapping)
    return filled(mapping, lambda cursor: cursor.copy_expert(copy, BytesIO(data), size=len(data)))


def select() -> int:
    """Insert rows that are in a table of the same database."""
    insert = f"INSERT INTO {target.table_and_columns(CHARACTERS)} SELECT * FROM bench_rows"  # noqa: S608
    return filled(CHARACTERS, lambda cursor: cursor.execute(insert))


def filled(mapping: Mapping, fill: Callable[[Any], None]) -> int:
    """Fill a table by a cursor, without the indexes and constraints that slow it down; return the number of rows."""
    engine.open_session()
    with transaction.atomic(), connection.cursor() as cursor:
        dropped = schema.drop_constraints(mapping.new._meta.db_table)
        fill(cursor)
        count = int(cursor.rowcount)
        schema.restore_constraints(mapping, dropped)
        schema.reset_sequence(mapping)
    return count


def text(statement: str) -> bytes:
    """The output of a COPY statement of the older database."""
    data = BytesIO()
    with connections["legacy"].cursor() as cursor:
        cursor.copy_expert(statement, data)
    return data.getvalue()


def prepare(way: str) -> Callable[[], int]:
    """Empty the tables, and prepare the data that a way needs; return the function to measure."""
    of_publishers = way in ("stream", "ready_publishers")
    tables = "comics_newcharacter" if not of_publishers else "comics_newcharacter, comics_newpublisher"
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables}, comics_newappearance, comics_newalias RESTART IDENTITY")
    RejectedRow.objects.all().delete()
    Progress.objects.filter(table__in=["characters"] if not of_publishers else ["characters", "publishers"]).delete()
    if way == "select":
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS bench_rows")
            cursor.execute("CREATE TABLE bench_rows (id bigint, a text, b text, c bigint, d timestamptz)")
            cursor.copy_expert("COPY bench_rows FROM STDIN", BytesIO(text(TRANSFORMED)))
    if way.startswith("ready"):
        mapping, statement = (PUBLISHERS, UNCHANGED) if of_publishers else (CHARACTERS, TRANSFORMED)
        data = text(statement)
        return lambda: ready(mapping, data)
    ways: dict[str, Callable[[], int]] = {
        "save": save, "bulk_create": bulk_create, "select": select,
        "stream": lambda: imported(PUBLISHERS), "import": lambda: imported(CHARACTERS),
    }  # fmt: skip
    return ways[way]


took: dict[str, float] = {}
run = prepare(sys.argv[1])
start = time.monotonic()
cpu = time.process_time()
took["rows"] = run()
took["seconds"] = time.monotonic() - start
took["cpu"] = time.process_time() - cpu
took["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
print(json.dumps(took))
