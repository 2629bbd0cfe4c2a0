"""The verification of an import: counts, sums and sampled rows; each difference is explained or is a fault."""

import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.models import Count

from legacy.mapping import Mapping
from legacy.models import Progress, RejectedRow
from legacy.router import LEGACY
from legacy.transfer import source, sums, target

SAMPLES, SEED = 500, 1
Kind = RejectedRow.Kind


@dataclass
class Comparison:
    """The result of comparing one source table with its target table."""

    table: str
    counts: dict[str, int] = field(default_factory=dict)
    samples: int = 0
    faults: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The comparison as text: a line, and one more for each fault."""
        counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in self.counts.items())
        yield f"{self.table}: {counts}; {self.samples} sampled rows compared"
        yield from (f"  NOT EXPLAINED: {fault}" for fault in self.faults)

    def expect_equal(self, description: str, first: Any, second: Any) -> None:
        """Add a fault if two values differ."""
        if first != second:
            self.faults.append(f"{description}: {first} and {second}")


def verify(mapping: Mapping, progress: Progress, limit: int | None) -> Comparison:
    """Compare the source table, the recorded progress and rejected rows, and the target table."""
    with ThreadPoolExecutor(1) as thread:
        # Both databases compute their sums at the same time.
        source_result = thread.submit(query_source, mapping, progress)
        target_count, target_sums = sums.of_query(mapping, mapping.new._base_manager.all())
        source_count, source_sums = source_result.result()
    kinds = dict(RejectedRow.objects.filter(table=mapping.name).values_list("kind").annotate(Count("pk")))
    counts = {"source_rows": source_count, "target_rows": target_count} | dict(sorted(kinds.items()))
    comparison = Comparison(mapping.name, counts)
    handled = progress.written + kinds.get(Kind.INVALID, 0)
    kept = target_count + kinds.get(Kind.ORPHAN, 0) + kinds.get(Kind.DUPLICATE, 0)
    expected = source_count if limit is None else min(source_count, limit)
    comparison.expect_equal("rows read, and rows of the source table", progress.read, expected)
    comparison.expect_equal("rows read, and rows written or invalid", progress.read, handled)
    comparison.expect_equal("rows written, and rows of the target table or rejected from it", progress.written, kept)
    compare_sums(comparison, mapping, source_sums or progress.sums, target_sums, bool(source_sums))
    compare_samples(comparison, mapping, progress)
    return comparison


def query_source(mapping: Mapping, progress: Progress) -> tuple[int, sums.Sums]:
    """The number of source rows, and the sums of the rows that were streamed."""
    last: Any = progress.last_key
    try:
        query = mapping.old._base_manager.using(LEGACY)
        streamed = last and target.can_stream(mapping)
        count = query.count()
        return count, sums.of_query(mapping, query.filter(pk__lte=last[0]))[1] if streamed else {}
    finally:
        connections.close_all()  # this thread's connections


def compare_sums(
    comparison: Comparison, mapping: Mapping, expected: sums.Sums, stored: sums.Sums, streamed: bool
) -> None:
    """Compare the sums of the written rows with those of the stored rows and the rejected ones."""
    rows = RejectedRow.objects.filter(table=mapping.name)
    removed = [*rows.exclude(kind=Kind.INVALID).values_list("row", flat=True).iterator()]
    stored = sums.combine(stored, sums.of_rejected(mapping, removed))
    if streamed:
        # The expected sums are those of all source rows, so they include the invalid ones.
        invalid = [*rows.filter(kind=Kind.INVALID).values_list("row", flat=True).iterator()]
        columns = [(name, field.column) for name, field in zip(mapping.writes, mapping.fields, strict=True)]
        by_column = [{column: row[name] for name, column in columns} for row in invalid]
        stored = sums.combine(stored, sums.of_rejected(mapping, by_column))
    for name in expected:
        comparison.expect_equal(f"count and total of {name}", expected[name], stored[name])


def compare_samples(comparison: Comparison, mapping: Mapping, progress: Progress) -> None:
    """Read and transform some source rows again, and look them up in the target table."""
    for chunk in sample_rows(mapping, progress):
        comparison.samples += chunk.read
        stored = stored_by_key(mapping, chunk)
        for row, result in zip(chunk.rows, chunk.results, strict=True):
            key = source.key_text(row)
            if stored.get(key) == tuple(result):
                continue
            values = dict(zip(mapping.writes, result, strict=True))
            if not (is_invalid(mapping, key) or is_rejected(mapping, key, values) or is_stored(mapping, values)):
                comparison.faults.append(f"row {key} is not in the target table as {values}")
        for row, reason in chunk.invalid:
            if not is_invalid(mapping, key := source.key_text(row)):
                comparison.faults.append(f"row {key} was imported, but is invalid now: {reason}")


def stored_by_key(mapping: Mapping, chunk: source.Chunk) -> dict[str, tuple[Any, ...]]:
    """The target rows that have the keys of a chunk; empty for composite keys, which the target does not keep."""
    keys = [row[0] for row in chunk.rows]
    if any(isinstance(key, tuple) for key in keys):
        return {}
    rows = mapping.new._base_manager.filter(pk__in=keys).values_list("pk", *mapping.writes)
    return {str(key): tuple(row) for key, *row in rows}


def sample_rows(mapping: Mapping, progress: Progress) -> Iterator[source.Chunk]:
    """Random source rows if the keys are numbers, otherwise the first rows, as one transformed chunk or none."""
    last = progress.last_key or [0]
    query = source.rows_after(mapping, None)
    generator = random.Random(SEED)  # noqa: S311 - the same sample at each run
    if len(last) == 1 and isinstance(last[0], int) and last[0] > SAMPLES:
        query = query.filter(pk__in=generator.sample(range(1, last[0] + 1), SAMPLES))
    if rows := [*query[: min(SAMPLES, progress.read)]]:
        yield source.transform(mapping, rows)


def is_stored(mapping: Mapping, values: dict[str, Any]) -> bool:
    """Whether the target table has a row with these values."""
    nulls = {f"{name}__isnull": True for name, value in values.items() if value is None}
    others = {name: value for name, value in values.items() if value is not None}
    return mapping.new._base_manager.filter(**nulls, **others).exists()


def is_invalid(mapping: Mapping, key: str) -> bool:
    """Whether the source row with this key was rejected as invalid."""
    rows = RejectedRow.objects.filter(table=mapping.name, kind=Kind.INVALID)
    return rows.filter(key=key).exists()


def is_rejected(mapping: Mapping, key: str, values: dict[str, Any]) -> bool:
    """Whether the target row was rejected: found by its key, or by its values if the target has a key of its own."""
    rows = RejectedRow.objects.filter(table=mapping.name).exclude(kind=Kind.INVALID)
    if "pk" in values or mapping.new._meta.pk.attname in values:
        return rows.filter(key=key).exists()
    comparable = {
        field.column: value
        for field, value in zip(mapping.fields, values.values(), strict=True)
        if value is None or isinstance(value, int | str)
    }
    return rows.filter(row__contains=comparable).exists()


def write_rejected(folder: Path) -> Path | None:
    """Write all rejected rows with their reasons; return the file, or None if there is no rejected row."""
    rows = RejectedRow.objects.order_by("pk").values("table", "key", "kind", "reason", "row")
    path = folder / "rejected.jsonl"
    with path.open("w") as file:
        for row in rows.iterator():
            print(json.dumps(row, ensure_ascii=False), file=file)
    return path if path.stat().st_size else None
