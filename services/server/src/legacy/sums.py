"""Sums of columns: of what was written, of what is stored, and of what was taken out again.

A sum is how many values are not NULL, and their total: of numbers, or of the lengths of texts.
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

Sums = dict[str, list[Any]]  # by the name of a field
# As JSON keeps it exactly.
ZERO = {"integer": 0, "decimal": "0", "text": 0, "other": 0}
# Else Django would take the sum of many for an integer of 64 bits.
WIDE = DecimalField(max_digits=60, decimal_places=0)


def kind(field: Any) -> str:
    """How a column is summed; a foreign key is as the key that it refers to."""
    while field.is_relation:
        field = field.target_field
    kinds = {IntegerField: "integer", DecimalField: "decimal", CharField: "text", TextField: "text"}
    return next((name for base, name in kinds.items() if isinstance(field, base)), "other")


def of_rows(mapping: Mapping, rows: Sequence[Sequence[Any]]) -> Sums:
    """The sums of rows as they are written. Raises TypeError where a value is not of its column's type."""
    columns = zip(*rows, strict=True) if rows else [()] * len(mapping.writes)
    return {
        name: of_values(kind(field), values)
        for name, field, values in zip(mapping.writes, mapping.fields, columns, strict=True)
    }


def of_values(how: str, values: Sequence[Any]) -> list[Any]:
    """The sum of one column."""
    there = [value for value in values if value is not None] if None in values else values
    if how == "other" or not there:
        return [len(there), ZERO[how]]
    return [len(there), total(how, sum(map(len, there)) if how == "text" else sum(there))]


def total(how: str, value: Any) -> Any:
    """A total as JSON keeps it exactly."""
    if value is None:
        return ZERO[how]
    return f"{Decimal(value).normalize():f}" if how == "decimal" else int(value)


def of_query(mapping: Mapping, query: QuerySet[Model]) -> tuple[int, Sums]:
    """How many rows a query finds in the old or the new table, and their sums."""
    asked: dict[str, Any] = {"rows": Count("*")}
    kinds = {name: kind(field) for name, field in zip(mapping.writes, mapping.fields, strict=True)}
    for name, how in kinds.items():
        asked[f"count_{name}"] = Count(name)
        if how != "other":
            asked[f"total_{name}"] = {
                "integer": Sum(Cast(name, BigIntegerField()), output_field=WIDE), "decimal": Sum(name),
                "text": Sum(Length(name)),
            }[how]  # fmt: skip
    found = query.aggregate(**asked)
    return found["rows"], {
        name: [found[f"count_{name}"], total(how, found.get(f"total_{name}"))] for name, how in kinds.items()
    }


def plus(one: Sums, other: Sums) -> Sums:
    """Add sums of the same table."""
    if not one or not other:
        return one or other
    return {name: [one[name][0] + other[name][0], add(one[name][1], other[name][1])] for name in one}


def add(one: Any, other: Any) -> Any:
    return total("decimal", Decimal(one) + Decimal(other)) if isinstance(one, str) else one + other


def of_rejected(mapping: Mapping, rows: Iterable[dict[str, Any]]) -> Sums:
    """The sums of rows, by column, that were taken out of the new table again."""
    columns = [(field.column, kind(field)) for field in mapping.fields]
    return of_rows(mapping, [[value(row.get(column), how) for column, how in columns] for row in rows])


def value(stored: Any, how: str) -> Any:
    """A value as it was before it became JSON."""
    return Decimal(str(stored)) if how == "decimal" and stored is not None else stored
