"""Writing the target tables by COPY: streamed from PostgreSQL, or from rows in memory."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import psycopg2
from django.db import connection, connections, transaction

from legacy.mapping import Mapping, field_of
from legacy.router import LEGACY
from legacy.transfer import sums, text
from legacy.transfer.encoding import is_without_encoding
from legacy.transfer.schema import quote
from legacy.transfer.source import Chunk, Row

INVALID_ROW = (psycopg2.DataError, psycopg2.IntegrityError)
STREAM = 500_000  # rows of one transaction while streaming
BUFFER = 1 << 18  # bytes; with more, one side of the pipe waits for the other
InvalidRows = list[tuple[Row, str]]


def write(mapping: Mapping, chunk: Chunk) -> tuple[int, sums.Sums, InvalidRows]:
    """Write a chunk; return the number of written rows, their sums, and the invalid rows with their reasons."""
    written = 0
    invalid: InvalidRows = []
    total: sums.Sums = {}
    start, size = 0, len(chunk.results)
    while start < size:
        end, reason = size, ""
        try:
            total = sums.combine(total, copy(mapping, chunk.results[start:size]))
        except INVALID_ROW as error:
            if not (line := re.search(r"^COPY .*, line (\d+)", error.diag.context or "", re.MULTILINE)):
                raise
            # PostgreSQL accepted all lines before this one.
            end, reason = start + int(line[1]) - 1, error.diag.message_primary
        except TypeError as error:
            end, reason = first_unwritable(mapping, chunk.results, start), str(error)
        if reason:
            invalid.append((chunk.rows[end], reason))
            if end > start:
                total = sums.combine(total, copy(mapping, chunk.results[start:end]))
        written, start = written + end - start, end + bool(reason)
    return written, total, invalid


def first_unwritable(mapping: Mapping, results: list[Row], start: int) -> int:
    """The index of the first row with a value that no column can store."""
    for number in range(start, len(results)):
        try:
            sums.of_rows(mapping, [results[number]])
            text.lines([results[number]])
        except TypeError:
            return number
    raise AssertionError("rows raised TypeError together, but no row does alone")


def copy(mapping: Mapping, results: list[Row]) -> sums.Sums:
    """Write all rows or none; return their sums."""
    total, data = sums.of_rows(mapping, results), text.lines(results)
    with transaction.atomic(), connection.cursor() as cursor:
        # One read of all data: at each further read, this thread would wait for the one that transforms.
        cursor.copy_expert(copy_statement(mapping), BytesIO(data), size=len(data))
    return total


def copy_statement(mapping: Mapping) -> str:
    """The COPY statement that writes the target table."""
    return f"COPY {table_and_columns(mapping)} FROM STDIN"


def table_and_columns(mapping: Mapping) -> str:
    """The target table and its written columns, in SQL."""
    columns = ", ".join(quote(field.column) for field in mapping.fields)
    return f"{quote(mapping.new._meta.db_table)} ({columns})"


def can_stream(mapping: Mapping) -> bool:
    """Whether rows can be copied unchanged between the databases: both are PostgreSQL, and the key is the same."""
    old = connections[LEGACY]
    if mapping.function or old.vendor != "postgresql" or mapping.new._meta.pk.attname not in mapping.writes:
        return False
    old.ensure_connection()
    return mapping.old._meta.pk.attname == mapping.new._meta.pk.attname and not is_without_encoding(old.connection)


def stream(mapping: Mapping, after: list[Any] | None, limit: int | None) -> int:
    """Copy all of the next rows after a key or none, as bytes that are not parsed here; return their number."""
    statement = source_statement(mapping, after, STREAM if limit is None else min(limit, STREAM))
    reader, writer = os.pipe()
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        ThreadPoolExecutor(1) as thread,
        os.fdopen(reader, "rb") as pipe,
    ):
        sender = thread.submit(send, statement, writer)
        try:
            cursor.copy_expert(copy_statement(mapping), pipe, size=BUFFER)
        finally:
            pipe.close()  # if this thread has failed, the sender would wait forever
        sender.result()
        return int(cursor.rowcount)


def source_statement(mapping: Mapping, after: list[Any] | None, size: int) -> str:
    """The COPY statement that reads the source table."""
    meta = mapping.old._meta
    key = quote(meta.pk.column)
    columns = ", ".join(quote(field_of(mapping.old, name).column) for name in mapping.writes)
    with connections[LEGACY].cursor() as cursor:
        where = "" if after is None else cursor.mogrify(f"WHERE {key} > %s", after).decode()
        return f"COPY (SELECT {columns} FROM {quote(meta.db_table)} {where} ORDER BY {key} LIMIT {size}) TO STDOUT"


def send(statement: str, writer: int) -> None:
    """Let the legacy database write into a pipe, then close the pipe."""
    try:
        with os.fdopen(writer, "wb", buffering=BUFFER) as pipe, connections[LEGACY].cursor() as cursor:
            cursor.copy_expert(statement, pipe)
    finally:
        connections.close_all()
