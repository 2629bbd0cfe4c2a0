"""The import of one table, which goes on where it was interrupted.

Rows, progress and rejected rows are written in one transaction, so none of them is ever without the others.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import connection, transaction

from legacy import schema, source, sums, target
from legacy.mapping import Mapping
from legacy.models import Progress, RejectedRow

LOCK = 7_236_017  # of the import, among the database's advisory locks
SESSION = """
    SET statement_timeout = 0;
    SET idle_in_transaction_session_timeout = 0;
    SET lock_timeout = '10s';
    SET maintenance_work_mem = '64MB';
    -- A crash of the database may cost the last rows, with their progress; the end of a table is synchronous.
    SET synchronous_commit = off;
"""
Show = Callable[[int], None]


def open_session() -> None:
    """Prepare the connection, and keep others from importing. Raises OperationalError where another one does."""
    with connection.cursor() as cursor:
        cursor.execute(SESSION)
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])


def close_session() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        cursor.execute("RESET ALL")


def run(mapping: Mapping, limit: int | None, show: Show) -> Progress:
    """Import what is not yet there. Raises CommandError."""
    progress = Progress.objects.filter(pk=mapping.name).first() or begin(mapping)
    if progress.done:
        return progress
    show(progress.read)
    if target.may_stream(mapping) and not stream(mapping, progress, limit, show):
        return finish(mapping, progress)
    with rarely_collected():
        for chunk in source.chunks(mapping, progress.last_key, left(progress, limit)):
            keep(mapping, progress, chunk)
            show(progress.read)
    return finish(mapping, progress)


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Rows are objects by the thousand that hold no cycles; looking for some took a fifth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def left(progress: Progress, limit: int | None) -> int | None:
    return None if limit is None else max(0, limit - progress.read)


@transaction.atomic
def begin(mapping: Mapping) -> Progress:
    """Take constraints and indexes away, and remember them. Raises CommandError where the table has rows of others."""
    if mapping.new._base_manager.exists():
        raise CommandError(f"{mapping.new._meta.db_table} has rows that are of no import - empty it, then begin again")
    return Progress.objects.create(table=mapping.name, dropped=schema.drop_constraints(mapping.new._meta.db_table))


@transaction.atomic
def keep(mapping: Mapping, progress: Progress, chunk: source.Chunk) -> None:
    """Write a chunk with all that is known of it."""
    written, total, refused = target.write(mapping, chunk)
    RejectedRow.objects.bulk_create(rejected_row(mapping, row, reason) for row, reason in chunk.refused + refused)
    progress.last_key = chunk.last_key
    progress.read += chunk.read
    progress.written += written
    progress.sums = sums.plus(progress.sums, total)
    progress.save()


def rejected_row(mapping: Mapping, row: source.Row, reason: str) -> RejectedRow:
    """What is kept of a row that was refused."""
    fields = dict(zip(mapping.reads, map(shown, row[1:]), strict=True))
    key, kind = source.key_text(row), RejectedRow.Kind.INVALID
    return RejectedRow(table=mapping.name, key=key, kind=kind, reason=reason, row=fields)


def shown(value: object) -> object:
    """A value of a row that was refused, as JSON can hold it; text with what PostgreSQL would refuse in escapes."""
    if value is None or isinstance(value, int | float):
        return value
    return str(value).replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode()


def stream(mapping: Mapping, progress: Progress, limit: int | None, show: Show) -> bool:
    """Copy rows unseen; return whether the table refuses one, which is then looked for in all that follow."""
    while (size := left(progress, limit)) is None or size > 0:
        try:
            with transaction.atomic():
                count = target.stream(mapping, progress.last_key, size)
                advance(mapping, progress, count)
        except target.REFUSALS:
            return True
        show(progress.read)
        if count < target.STREAM:
            break
    return False


def advance(mapping: Mapping, progress: Progress, count: int) -> None:
    """Note what was streamed; the last key is the table's."""
    progress.read, progress.written = progress.read + count, progress.written + count
    if count:
        last = mapping.new._base_manager.order_by("-pk").values_list("pk", flat=True).first()
        progress.last_key = source.key(last)
    progress.save()


@transaction.atomic
def finish(mapping: Mapping, progress: Progress) -> Progress:
    """Put constraints and indexes back, and the rows aside that break them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")
    schema.restore_constraints(mapping, progress.dropped)
    schema.reset_sequence(mapping)
    progress.done = True
    progress.save()
    return progress


@transaction.atomic
def forget(mappings: list[Mapping]) -> None:
    """Empty the tables that were imported, for an import from the beginning."""
    found = Progress.objects.in_bulk([mapping.name for mapping in mappings])
    tables = [mapping for mapping in mappings if mapping.name in found]
    if not tables:
        return
    names = ", ".join(schema.quote(mapping.new._meta.db_table) for mapping in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")
    for mapping in tables:
        if not found[mapping.name].done:
            schema.restore_constraints(mapping, found[mapping.name].dropped)
    Progress.objects.filter(pk__in=found).delete()
    RejectedRow.objects.filter(table__in=found).delete()
