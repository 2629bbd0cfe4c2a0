"""Whether all has arrived: each row, each sum and some rows whole; a difference has a reason, or is a fault."""

import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.models import Count

from legacy import source, sums, target
from legacy.mapping import Mapping
from legacy.models import Progress, RejectedRow
from legacy.router import LEGACY

SAMPLES, SEED = 500, 1
Kind = RejectedRow.Kind


@dataclass
class Comparison:
    """What the comparison of one table came to."""

    table: str
    counts: dict[str, int] = field(default_factory=dict)
    samples: int = 0
    faults: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The comparison in words."""
        counts = ", ".join(f"{count} {name}" for name, count in self.counts.items())
        yield f"{self.table}: {counts}; {self.samples} rows compared"
        yield from (f"  NOT EXPLAINED: {fault}" for fault in self.faults)


def verify(mapping: Mapping, progress: Progress, limit: int | None) -> Comparison:
    """Compare the old table, what was noted meanwhile, and the new table."""
    with ThreadPoolExecutor(1) as thread:
        # Beside the sums of the new table, as those are another database's.
        old = thread.submit(of_old, mapping, progress)
        stored, stored_sums = sums.of_query(mapping, mapping.new._base_manager.all())
        there, old_sums = old.result()
    kinds = dict(RejectedRow.objects.filter(table=mapping.name).values_list("kind").annotate(Count("pk")))
    comparison = Comparison(mapping.name, {"old": there, "new": stored} | dict(sorted(kinds.items())))
    refused = kinds.get(Kind.INVALID, 0)
    gone = kinds.get(Kind.ORPHAN, 0) + kinds.get(Kind.DUPLICATE, 0)
    expected = there if limit is None else min(there, limit)
    compare(comparison, "rows that were read, and are in the old table", progress.read, expected)
    compare(comparison, "rows that were read, and written or refused", progress.read, progress.written + refused)
    compare(comparison, "rows that were written, and are there or were taken out", progress.written, stored + gone)
    compare_sums(comparison, mapping, old_sums or progress.sums, stored_sums, bool(old_sums))
    sample(comparison, mapping, progress)
    return comparison


def of_old(mapping: Mapping, progress: Progress) -> tuple[int, sums.Sums]:
    """How many rows the old table has, and the sums of those that were streamed."""
    last: Any = progress.last_key
    try:
        query = mapping.old._base_manager.using(LEGACY)
        streamed = last and target.may_stream(mapping)
        rows = query.count()
        return rows, sums.of_query(mapping, query.filter(pk__lte=last[0]))[1] if streamed else {}
    finally:
        connections.close_all()  # those of this thread


def compare(comparison: Comparison, what: str, one: Any, other: Any) -> None:
    if one != other:
        comparison.faults.append(f"{what}: {one} and {other}")


def compare_sums(
    comparison: Comparison, mapping: Mapping, expected: sums.Sums, stored: sums.Sums, streamed: bool
) -> None:
    """What was written must be what is stored and what was taken out again."""
    rows = RejectedRow.objects.filter(table=mapping.name)
    gone = [*rows.exclude(kind=Kind.INVALID).values_list("row", flat=True).iterator()]
    stored = sums.plus(stored, sums.of_rejected(mapping, gone))
    if streamed:
        # The old table's sums are of all its rows.
        refused = [*rows.filter(kind=Kind.INVALID).values_list("row", flat=True).iterator()]
        columns = [(name, field.column) for name, field in zip(mapping.writes, mapping.fields, strict=True)]
        by_column = [{column: row[name] for name, column in columns} for row in refused]
        stored = sums.plus(stored, sums.of_rejected(mapping, by_column))
    for name in expected:
        compare(comparison, f"count and total of {name}", expected[name], stored[name])


def sample(comparison: Comparison, mapping: Mapping, progress: Progress) -> None:
    """Read some old rows again, transform them again, and look for them in the new table."""
    for chunk in some_rows(mapping, progress):
        comparison.samples += chunk.read
        there = by_key(mapping, chunk)
        for row, result in zip(chunk.rows, chunk.results, strict=True):
            key = source.key_text(row)
            if there.get(key) == tuple(result):
                continue
            wanted = dict(zip(mapping.writes, result, strict=True))
            if not (is_refused(mapping, key) or is_explained(mapping, key, wanted) or is_there(mapping, wanted)):
                comparison.faults.append(f"row {key} is not in the new table as {wanted}")
        for row, reason in chunk.refused:
            if not is_refused(mapping, key := source.key_text(row)):
                comparison.faults.append(f"row {key} was carried over, but would not be now: {reason}")


def by_key(mapping: Mapping, chunk: source.Chunk) -> dict[str, tuple[Any, ...]]:
    """The rows of the new table that have the keys of a chunk; a row that is not among them is looked for alone."""
    keys = [row[0] for row in chunk.rows]
    if any(isinstance(key, tuple) for key in keys):
        return {}
    rows = mapping.new._base_manager.filter(pk__in=keys).values_list("pk", *mapping.writes)
    return {str(key): tuple(row) for key, *row in rows}


def some_rows(mapping: Mapping, progress: Progress) -> Iterator[source.Chunk]:
    """Rows at random where keys are numbers, else the first ones."""
    last = progress.last_key or [0]
    query = source.behind(mapping, None)
    chance = random.Random(SEED)  # noqa: S311 - the same ones each time
    if len(last) == 1 and isinstance(last[0], int) and last[0] > SAMPLES:
        query = query.filter(pk__in=chance.sample(range(1, last[0] + 1), SAMPLES))
    if rows := [*query[: min(SAMPLES, progress.read)]]:
        yield source.transform(mapping, rows)


def is_there(mapping: Mapping, wanted: dict[str, Any]) -> bool:
    """Whether the new table has just this row."""
    nulls = {f"{name}__isnull": True for name, value in wanted.items() if value is None}
    values = {name: value for name, value in wanted.items() if value is not None}
    return mapping.new._base_manager.filter(**nulls, **values).exists()


def is_refused(mapping: Mapping, key: str) -> bool:
    rows = RejectedRow.objects.filter(table=mapping.name, kind=Kind.INVALID)
    return rows.filter(key=key).exists()


def is_explained(mapping: Mapping, key: str, wanted: dict[str, Any]) -> bool:
    """Whether it was noted why a row is not there as it should be; by what is in it where its key is a new one."""
    rows = RejectedRow.objects.filter(table=mapping.name).exclude(kind=Kind.INVALID)
    if "pk" in wanted or mapping.new._meta.pk.attname in wanted:
        return rows.filter(key=key).exists()
    plain = {
        field.column: value
        for field, value in zip(mapping.fields, wanted.values(), strict=True)
        if value is None or isinstance(value, int | str)
    }
    return rows.filter(row__contains=plain).exists()


def write_rejected(folder: Path) -> Path | None:
    """Write every row that is not, or not whole, in the new tables, with the reason; None where there is none."""
    rejected = RejectedRow.objects.order_by("pk").values("table", "key", "kind", "reason", "row")
    path = folder / "rejected.jsonl"
    with path.open("w") as file:
        for row in rejected.iterator():
            print(json.dumps(row, ensure_ascii=False), file=file)
    return path if path.stat().st_size else None
