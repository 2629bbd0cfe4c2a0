"""Reading the older database: in the order of its keys, by a server-side cursor, ahead of who writes."""

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
CHUNK = 10_000  # rows that are read, transformed and written at once, and in one transaction
# Rows of one query. Backends without server-side cursors hold so many in memory.
WINDOW = 100_000
# What an ordinary function raises on data that it was not written for.
FAULTS = (Reject, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
END = None


@dataclass(frozen=True)
class Chunk:
    """Rows, each with its key before its fields, what became of them, and those that the function refused, and why."""

    rows: list[Row]
    results: list[Row]
    refused: list[tuple[Row, str]]
    read: int
    last_key: list[Any]


def chunks(mapping: Mapping, after: list[Any] | None, limit: int | None) -> Iterator[Chunk]:
    """Read and transform all rows behind a key, in a thread of its own, one chunk ahead."""
    yield from ahead(lambda: (transform(mapping, rows) for rows in read(mapping, after, limit)))


def ahead(generator: Callable[[], Generator[Any]]) -> Iterator[Any]:
    """Run a generator in another thread, one step ahead; its connections are closed at the end."""
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
    """Lists of rows, each with its key before the fields that are read."""
    with transaction.atomic(using=LEGACY):  # else PostgreSQL would gather all rows before the first one
        while limit is None or limit > 0:
            size = WINDOW if limit is None else min(limit, WINDOW)
            found = 0
            with closing(behind(mapping, after)[:size].iterator(chunk_size=CHUNK)) as rows:
                for some in itertools.batched(rows, CHUNK):
                    found += len(some)
                    after = key(some[-1][0])
                    yield [*some]
            if found < size:
                return
            limit = None if limit is None else limit - found


def behind(mapping: Mapping, after: list[Any] | None) -> Any:
    """The query for what comes after a key."""
    query = mapping.old._base_manager.using(LEGACY).order_by("pk")
    if after is not None:
        query = query.filter(pk__gt=after if len(after) > 1 else after[0])
    return query.values_list("pk", *mapping.reads)


def key(value: Any) -> list[Any]:
    """A key as the list of its columns."""
    return [*value] if isinstance(value, tuple) else [value]


def key_text(row: Row) -> str:
    """The key of a row as it is told to people."""
    return ", ".join(map(str, key(row[0])))


def transform(mapping: Mapping, rows: list[Row]) -> Chunk:
    """Call the mapping's function for each row; a row of which it raises an error is refused, and only that one."""
    keys, *columns = zip(*rows, strict=True)
    last = key(keys[-1])
    try:
        results = map(mapping.function, *columns) if mapping.function else zip(*columns, strict=True)
        return Chunk(rows, [*results], [], len(rows), last)
    except FAULTS:
        return one_by_one(mapping, rows, last)


def one_by_one(mapping: Mapping, rows: list[Row], last: list[Any]) -> Chunk:
    """Transform rows of which at least one is refused."""
    chunk = Chunk([], [], [], len(rows), last)
    for row in rows:
        try:
            result = mapping.function(*row[1:])  # type: ignore[misc]
        except FAULTS as error:
            name = "" if isinstance(error, Reject) else f"{type(error).__name__}: "
            chunk.refused.append((row, f"{name}{error}"))
        else:
            chunk.rows.append(row)
            chunk.results.append(result)
    return chunk
