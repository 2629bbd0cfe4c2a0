"""Writing to the new database by COPY, straight from PostgreSQL or from rows in memory."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import psycopg2
from django.db import connection, connections, transaction

from legacy import sums, text
from legacy.encoding import is_without_encoding
from legacy.mapping import Mapping, field_of
from legacy.router import LEGACY
from legacy.schema import quote
from legacy.source import Chunk, Row

REFUSALS = (psycopg2.DataError, psycopg2.IntegrityError)
STREAM = 500_000  # rows of one transaction, where they pass unseen
BUFFER = 1 << 18  # of what is larger, one side would wait for the other
Refused = list[tuple[Row, str]]


def write(mapping: Mapping, chunk: Chunk) -> tuple[int, sums.Sums, Refused]:
    """Write the rows of a chunk; return how many were, their sums, and which the table refuses, with the reason."""
    written = 0
    refused: Refused = []
    total: sums.Sums = {}
    start, size = 0, len(chunk.results)
    while start < size:
        end, reason = size, ""
        try:
            total = sums.plus(total, copy(mapping, chunk.results[start:size]))
        except REFUSALS as error:
            if not (line := re.search(r"^COPY .*, line (\d+)", error.diag.context or "", re.MULTILINE)):
                raise
            # All before it were taken.
            end, reason = start + int(line[1]) - 1, error.diag.message_primary
        except TypeError as error:
            end, reason = first_strange(mapping, chunk.results, start), str(error)
        if reason:
            refused.append((chunk.rows[end], reason))
            if end > start:
                total = sums.plus(total, copy(mapping, chunk.results[start:end]))
        written, start = written + end - start, end + bool(reason)
    return written, total, refused


def first_strange(mapping: Mapping, results: list[Row], start: int) -> int:
    """The first row with a value that fits no column."""
    for number in range(start, len(results)):
        try:
            sums.of_rows(mapping, [results[number]])
            text.lines([results[number]])
        except TypeError:
            return number
    raise AssertionError("a row that was refused among others was not found alone")


def copy(mapping: Mapping, results: list[Row]) -> sums.Sums:
    """Write rows, all or none; return their sums."""
    total, data = sums.of_rows(mapping, results), text.lines(results)
    with transaction.atomic(), connection.cursor() as cursor:
        # At once, as with each further read this thread would wait for the other one, which transforms.
        cursor.copy_expert(f"COPY {target(mapping)} FROM STDIN", BytesIO(data), size=len(data))
    return total


def target(mapping: Mapping) -> str:
    columns = ", ".join(quote(field.column) for field in mapping.fields)
    return f"{quote(mapping.new._meta.db_table)} ({columns})"


def may_stream(mapping: Mapping) -> bool:
    """Whether rows can go from database to database as they are: both are PostgreSQL, with the same key."""
    old = connections[LEGACY]
    if mapping.function or old.vendor != "postgresql" or mapping.new._meta.pk.attname not in mapping.writes:
        return False
    old.ensure_connection()
    return mapping.old._meta.pk.attname == mapping.new._meta.pk.attname and not is_without_encoding(old.connection)


def stream(mapping: Mapping, after: list[Any] | None, limit: int | None) -> int:
    """Write the next rows behind a key, all or none, as bytes that nothing here reads; return how many."""
    source = select(mapping, after, STREAM if limit is None else min(limit, STREAM))
    reader, writer = os.pipe()
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        ThreadPoolExecutor(1) as thread,
        os.fdopen(reader, "rb") as end,
    ):
        sent = thread.submit(send, source, writer)
        try:
            cursor.copy_expert(f"COPY {target(mapping)} FROM STDIN", end, size=BUFFER)
        finally:
            end.close()  # else the other thread would wait for ever where this one has failed
        sent.result()
        return int(cursor.rowcount)


def select(mapping: Mapping, after: list[Any] | None, size: int) -> str:
    """The statement that sends the rows."""
    meta = mapping.old._meta
    key = quote(meta.pk.column)
    columns = ", ".join(quote(field_of(mapping.old, name).column) for name in mapping.writes)
    with connections[LEGACY].cursor() as cursor:
        behind = "" if after is None else cursor.mogrify(f"WHERE {key} > %s", after).decode()
        return f"COPY (SELECT {columns} FROM {quote(meta.db_table)} {behind} ORDER BY {key} LIMIT {size}) TO STDOUT"


def send(statement: str, writer: int) -> None:
    """Let the older database write into a pipe, and close it."""
    try:
        with os.fdopen(writer, "wb", buffering=BUFFER) as pipe, connections[LEGACY].cursor() as cursor:
            cursor.copy_expert(statement, pipe)
    finally:
        connections.close_all()
