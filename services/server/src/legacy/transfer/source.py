"""Reading the source tables in key order by a server-side cursor, one chunk ahead of the writer."""

import itertools
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

from legacy.mapping import Mapping
from legacy.router import LEGACY
from legacy.values import Reject

Row = tuple[Any, ...]
CHUNK = 10_000  # rows that are read, transformed and written together, in one transaction
# Rows of one query. Backends without server-side cursors hold this many rows in memory.
WINDOW = 100_000
# The exceptions that a mapping's function raises on unexpected data; others are faults of the code.
INVALID_ROW = (Reject, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
END = None


@dataclass(frozen=True)
class Chunk:
    """Source rows, each with its key before its fields; their results; and the invalid rows with their reasons."""

    rows: list[Row]
    results: list[Row]
    invalid: list[tuple[Row, str]]
    read: int
    last_key: list[Any]


def chunks(mapping: Mapping, after: list[Any] | None, limit: int | None) -> Iterator[Chunk]:
    """Read and transform all rows after a key, in another thread, one chunk ahead."""
    yield from prefetch(lambda: (transform(mapping, rows) for rows in read(mapping, after, limit)))


def prefetch(generator: Callable[[], Generator[Any]]) -> Iterator[Any]:
    """Run a generator in another thread, one step ahead; close that thread's connections at the end."""
    with ThreadPoolExecutor(1) as thread:
        steps = thread.submit(generator).result()
        step = thread.submit(next, steps, END)
        try:
            while (item := step.result()) is not END:
                step = thread.submit(next, steps, END)
                yield item
        finally:
            thread.submit(steps.close)
            thread.submit(connections.close_all)


def read(mapping: Mapping, after: list[Any] | None, limit: int | None) -> Iterator[list[Row]]:
    """Read lists of rows, each row with its key before its fields."""
    with transaction.atomic(using=LEGACY):  # without a transaction, PostgreSQL sends all rows before the first is used
        while limit is None or limit > 0:
            size = WINDOW if limit is None else min(limit, WINDOW)
            count = 0
            with closing(rows_after(mapping, after)[:size].iterator(chunk_size=CHUNK)) as rows:
                for batch in itertools.batched(rows, CHUNK):
                    count += len(batch)
                    after = key_columns(batch[-1][0])
                    yield [*batch]
            if count < size:
                return
            limit = None if limit is None else limit - count


def rows_after(mapping: Mapping, after: list[Any] | None) -> Any:
    """The query for the rows after a key, in key order."""
    query = mapping.old._base_manager.using(LEGACY).order_by("pk")
    if after is not None:
        query = query.filter(pk__gt=after if len(after) > 1 else after[0])
    return query.values_list("pk", *mapping.reads)


def key_columns(key: Any) -> list[Any]:
    """A key as a list with a value for each of its columns."""
    return [*key] if isinstance(key, tuple) else [key]


def key_text(row: Row) -> str:
    """The key of a row as text for reports."""
    return ", ".join(map(str, key_columns(row[0])))


def transform(mapping: Mapping, rows: list[Row]) -> Chunk:
    """Call the mapping's function for each row; a row for which it raises an error is invalid, and only that row."""
    keys, *columns = zip(*rows, strict=True)
    last = key_columns(keys[-1])
    try:
        results = map(mapping.function, *columns) if mapping.function else zip(*columns, strict=True)
        return Chunk(rows, [*results], [], len(rows), last)
    except INVALID_ROW:
        return transform_singly(mapping, rows, last)


def transform_singly(mapping: Mapping, rows: list[Row], last: list[Any]) -> Chunk:
    """Transform rows of which at least one is invalid."""
    chunk = Chunk([], [], [], len(rows), last)
    for row in rows:
        try:
            result = mapping.function(*row[1:])  # type: ignore[misc]
        except INVALID_ROW as error:
            prefix = "" if isinstance(error, Reject) else f"{type(error).__name__}: "
            chunk.invalid.append((row, f"{prefix}{error}"))
        else:
            chunk.rows.append(row)
            chunk.results.append(result)
    return chunk
