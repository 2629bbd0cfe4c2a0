"""The import of one table, which an interrupted run resumes.

Target rows, progress and rejected rows are written in one transaction, so they always agree.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import connection, transaction

from legacy.mapping import Mapping
from legacy.models import Progress, RejectedRow
from legacy.transfer import schema, source, sums, target

LOCK = 7_236_017  # the key of the import's advisory lock
SESSION = """
    SET statement_timeout = 0;
    SET idle_in_transaction_session_timeout = 0;
    SET lock_timeout = '10s';
    SET maintenance_work_mem = '64MB';
    -- A crash of the database may lose the last rows together with their progress. finish() commits synchronously.
    SET synchronous_commit = off;
"""
ShowProgress = Callable[[int], None]


def open_session() -> None:
    """Prepare the connection and take the advisory lock. Raises OperationalError if another import holds it."""
    with connection.cursor() as cursor:
        cursor.execute(SESSION)
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])


def close_session() -> None:
    """Release the advisory lock and reset the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        cursor.execute("RESET ALL")


def run(mapping: Mapping, limit: int | None, show: ShowProgress) -> Progress:
    """Import the rows that are not imported yet. Raises CommandError."""
    progress = Progress.objects.filter(pk=mapping.name).first() or begin(mapping)
    if progress.done:
        return progress
    show(progress.read)
    if target.can_stream(mapping) and stream(mapping, progress, limit, show):
        return finish(mapping, progress)
    with fewer_collections():
        for chunk in source.chunks(mapping, progress.last_key, remaining(progress, limit)):
            save_chunk(mapping, progress, chunk)
            show(progress.read)
    return finish(mapping, progress)


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Let the garbage collector run rarely: rows form no cycles, and the search for cycles took a fifth of the time."""
    thresholds = gc.get_threshold()
    gc.set_threshold(100_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def remaining(progress: Progress, limit: int | None) -> int | None:
    """The number of rows until the limit; None without a limit."""
    return None if limit is None else max(0, limit - progress.read)


@transaction.atomic
def begin(mapping: Mapping) -> Progress:
    """Drop constraints and indexes, and store their definitions. Raises CommandError if the target is not empty."""
    table = mapping.new._meta.db_table
    if mapping.new._base_manager.exists():
        raise CommandError(f"'{table}' has rows that no import wrote - empty the table, then start again")
    return Progress.objects.create(table=mapping.name, dropped=schema.drop_constraints(table))


@transaction.atomic
def save_chunk(mapping: Mapping, progress: Progress, chunk: source.Chunk) -> None:
    """Write a chunk together with its rejected rows and the progress."""
    written, total, invalid = target.write(mapping, chunk)
    RejectedRow.objects.bulk_create(rejected_row(mapping, row, reason) for row, reason in chunk.invalid + invalid)
    progress.last_key = chunk.last_key
    progress.read += chunk.read
    progress.written += written
    progress.sums = sums.combine(progress.sums, total)
    progress.save()


def rejected_row(mapping: Mapping, row: source.Row, reason: str) -> RejectedRow:
    """The record of an invalid source row."""
    fields = dict(zip(mapping.reads, map(as_json, row[1:]), strict=True))
    key, kind = source.key_text(row), RejectedRow.Kind.INVALID
    return RejectedRow(table=mapping.name, key=key, kind=kind, reason=reason, row=fields)


def as_json(value: object) -> object:
    """A value that JSON can hold; text that PostgreSQL would refuse is escaped."""
    if value is None or isinstance(value, int | float):
        return value
    return str(value).replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode()


def stream(mapping: Mapping, progress: Progress, limit: int | None, show: ShowProgress) -> bool:
    """Stream rows from COPY to COPY; return False if the target refuses a row, which must then be read row by row."""
    while (size := remaining(progress, limit)) is None or size > 0:
        try:
            with transaction.atomic():
                count = target.stream(mapping, progress.last_key, size)
                record_streamed(mapping, progress, count)
        except target.INVALID_ROW:
            return False
        show(progress.read)
        if count < target.STREAM:
            break
    return True


def record_streamed(mapping: Mapping, progress: Progress, count: int) -> None:
    """Record the progress of streamed rows; their last key is the greatest one of the target table."""
    progress.read, progress.written = progress.read + count, progress.written + count
    if count:
        last = mapping.new._base_manager.order_by("-pk").values_list("pk", flat=True).first()
        progress.last_key = source.key_columns(last)
    progress.save()


@transaction.atomic
def finish(mapping: Mapping, progress: Progress) -> Progress:
    """Restore constraints and indexes, and reject the rows that violate them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")
    schema.restore_constraints(mapping, progress.dropped)
    schema.reset_sequence(mapping)
    progress.done = True
    progress.save()
    return progress


@transaction.atomic
def reset(mappings: list[Mapping]) -> None:
    """Empty the imported tables, so that the import starts from the beginning."""
    progress = Progress.objects.in_bulk([mapping.name for mapping in mappings])
    imported = [mapping for mapping in mappings if mapping.name in progress]
    if not imported:
        return
    tables = ", ".join(schema.quote(mapping.new._meta.db_table) for mapping in imported)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY")
    for mapping in imported:
        if not progress[mapping.name].done:
            schema.restore_constraints(mapping, progress[mapping.name].dropped)
    Progress.objects.filter(pk__in=progress).delete()
    RejectedRow.objects.filter(table__in=progress).delete()
