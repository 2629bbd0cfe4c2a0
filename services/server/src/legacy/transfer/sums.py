"""Sums of columns, which prove that the written rows are the stored and the rejected ones.

The sum of a column is a pair: the number of values that are not NULL, and the total of numbers or of text lengths.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DecimalField,
    IntegerField,
    Model,
    QuerySet,
    Sum,
    TextField,
)
from django.db.models.functions import Cast, Length

from legacy.mapping import Mapping

Sums = dict[str, list[Any]]  # by field name
# Strings keep decimals exact in JSON.
ZERO = {"integer": 0, "decimal": "0", "text": 0, "other": 0}
# Without this, Django would convert a total to an integer of 64 bits.
WIDE = DecimalField(max_digits=60, decimal_places=0)


def kind(field: Any) -> str:
    """The kind of a column's values, which decides how they are summed; a foreign key has the kind of its target."""
    while field.is_relation:
        field = field.target_field
    kinds = {IntegerField: "integer", DecimalField: "decimal", CharField: "text", TextField: "text"}
    return next((name for base, name in kinds.items() if isinstance(field, base)), "other")


def of_rows(mapping: Mapping, rows: Sequence[Sequence[Any]]) -> Sums:
    """The sums of rows in memory. Raises TypeError if a value is not of its column's type."""
    columns = zip(*rows, strict=True) if rows else [()] * len(mapping.writes)
    return {
        name: of_values(kind(field), values)
        for name, field, values in zip(mapping.writes, mapping.fields, columns, strict=True)
    }


def of_values(kind: str, values: Sequence[Any]) -> list[Any]:
    """The sum of one column."""
    present = [value for value in values if value is not None] if None in values else values
    if kind == "other" or not present:
        return [len(present), ZERO[kind]]
    return [len(present), exact(kind, sum(map(len, present)) if kind == "text" else sum(present))]


def exact(kind: str, total: Any) -> Any:
    """A total in a form that JSON keeps exactly."""
    if total is None:
        return ZERO[kind]
    return f"{Decimal(total).normalize():f}" if kind == "decimal" else int(total)


def of_query(mapping: Mapping, query: QuerySet[Model]) -> tuple[int, Sums]:
    """The number of rows of a query on the source or the target table, and their sums."""
    aggregates: dict[str, Any] = {"rows": Count("*")}
    kinds = {name: kind(field) for name, field in zip(mapping.writes, mapping.fields, strict=True)}
    for name, column_kind in kinds.items():
        aggregates[f"count_{name}"] = Count(name)
        if column_kind != "other":
            aggregates[f"total_{name}"] = {
                "integer": Sum(Cast(name, BigIntegerField()), output_field=WIDE), "decimal": Sum(name),
                "text": Sum(Length(name)),
            }[column_kind]  # fmt: skip
    result = query.aggregate(**aggregates)
    return result["rows"], {
        name: [result[f"count_{name}"], exact(column_kind, result.get(f"total_{name}"))]
        for name, column_kind in kinds.items()
    }


def combine(first: Sums, second: Sums) -> Sums:
    """Add two sums of the same table."""
    if not first or not second:
        return first or second
    return {
        name: [first[name][0] + second[name][0], add_totals(first[name][1], second[name][1])] for name in first
    }  # fmt: skip


def add_totals(first: Any, second: Any) -> Any:
    return exact("decimal", Decimal(first) + Decimal(second)) if isinstance(first, str) else first + second


def of_rejected(mapping: Mapping, rows: Iterable[dict[str, Any]]) -> Sums:
    """The sums of rejected rows, which are given by column name."""
    columns = [(field.column, kind(field)) for field in mapping.fields]
    return of_rows(mapping, [[from_json(row.get(column), kind) for column, kind in columns] for row in rows])


def from_json(value: Any, kind: str) -> Any:
    """A value as it was before it became JSON."""
    return Decimal(str(value)) if kind == "decimal" and value is not None else value
