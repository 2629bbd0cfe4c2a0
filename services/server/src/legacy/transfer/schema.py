"""Constraints and indexes: dropped before the import and restored after it, which is several times as fast.

To restore a constraint finds all rows that violate it at once; they are rejected with the reason.
"""

from typing import Any

from django.db import IntegrityError, connection, transaction

from legacy.mapping import Mapping, field_of
from legacy.models import RejectedRow

Dropped = dict[str, Any]  # a constraint or index: its kind, the statements to drop and add it, and its columns
# A unique constraint that another table's foreign key depends on is not dropped.
CONSTRAINTS = """
    SELECT contype, format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
           ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS k (number, place)
                 JOIN pg_attribute ON attrelid = conrelid AND attnum = k.number ORDER BY k.place),
           nullif(confrelid, 0)::regclass::text,
           (SELECT attname::text FROM pg_attribute WHERE attrelid = confrelid AND attnum = confkey[1])
    FROM pg_constraint AS dropped
    WHERE conrelid = %s::regclass AND contype IN ('f', 'u')
      AND NOT (contype = 'u' AND EXISTS (
          SELECT FROM pg_constraint
          WHERE contype = 'f' AND conindid = dropped.conindid AND conrelid <> dropped.conrelid))
    ORDER BY contype, conname
"""
INDEXES = """
    SELECT 'i', format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid), ARRAY[]::text[], NULL, NULL
    FROM pg_index
    WHERE indrelid = %s::regclass AND NOT indisprimary
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE contype IN ('p', 'u', 'x') AND conindid = indexrelid)
    ORDER BY indexrelid
"""
ORPHANS = """
    SELECT child.ctid AS row_id, format('%%s %%s is not in %%s', {name}, child.{column}, {parent_name}) AS reason
    FROM {table} AS child
    WHERE child.{column} IS NOT NULL
      AND NOT EXISTS (SELECT FROM {parent} AS parent WHERE parent.{key} = child.{column})
"""
DUPLICATES = """
    SELECT row_id, format('the same as %%s: %%s', first, {name}) AS reason FROM (
        SELECT ctid AS row_id, first_value({pk}) OVER same AS first, row_number() OVER same AS number
        FROM {table} WHERE ({columns}) IS NOT NULL WINDOW same AS (PARTITION BY {columns} ORDER BY {pk})
    ) AS numbered WHERE number > 1
"""
INSERT = """INSERT INTO legacy_rejectedrow ("table", key, kind, reason, row)
    SELECT %s, {pk}::text, %s, reason, {row} FROM rejected"""
DELETE = """WITH violations AS ({violations}), rejected AS (
    DELETE FROM {table} AS target USING violations WHERE target.ctid = violations.row_id
    RETURNING target.*, violations.reason) {insert}"""
NULLIFY = """WITH violations AS ({violations}),
    before AS (SELECT violations.*, target.{column} AS old_value
               FROM violations JOIN {table} AS target ON target.ctid = violations.row_id),
    rejected AS (UPDATE {table} AS target SET {column} = NULL FROM before WHERE target.ctid = before.row_id
    RETURNING target.{pk}, before.old_value, before.reason) {insert}"""


def drop_constraints(table: str) -> list[Dropped]:
    """Drop what slows down writing; return it in the order in which it must be restored."""
    with connection.cursor() as cursor:
        dropped = []
        for query in (CONSTRAINTS, INDEXES):
            cursor.execute(query, [quote(table)])
            names = ("kind", "drop", "add", "columns", "parent", "key")
            dropped += [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        for constraint in dropped:
            cursor.execute(constraint["drop"])
    return dropped


def restore_constraints(mapping: Mapping, dropped: list[Dropped]) -> None:
    """Restore all that was dropped, and reject the rows that violate it."""
    with connection.cursor() as cursor:
        # PostgreSQL cannot alter a table while a deferred check of it is pending.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for constraint in dropped:
        while not restore(constraint["add"], constraint["columns"]):
            reject_rows(mapping, constraint)


def restore(statement: str, columns: list[str]) -> bool:
    """Restore one constraint or index; return False if a row violates it. Raises IntegrityError for an index."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError:
        if not columns:  # of an index, whose violations are not searched for
            raise
        return False
    return True


def reject_rows(mapping: Mapping, constraint: Dropped) -> None:
    """Delete the rows that violate a constraint, or set their reference to NULL if the mapping says so."""
    pk, column = quote(mapping.new._meta.pk.column), constraint["columns"][0]
    names = {
        "table": quote(mapping.new._meta.db_table),
        "pk": pk,
        "column": quote(column),
        "columns": ", ".join(map(quote, constraint["columns"])),
    }
    if constraint["kind"] == "u":
        kind = RejectedRow.Kind.DUPLICATE
        violations = DUPLICATES.format(name=literal(", ".join(constraint["columns"])), **names)
    else:
        kind = RejectedRow.Kind.ORPHAN
        names |= {"parent": constraint["parent"], "key": quote(constraint["key"])}
        violations = ORPHANS.format(name=literal(column), parent_name=literal(constraint["parent"]), **names)
    if constraint["kind"] == "f" and column in [field_of(mapping.new, name).column for name in mapping.nullify]:
        kind = RejectedRow.Kind.NULLIFIED
        insert = INSERT.format(pk=pk, row=f"jsonb_build_object({literal(column)}, old_value)")
        statement = NULLIFY.format(violations=violations, insert=insert, **names)
    else:
        insert = INSERT.format(pk=pk, row="to_jsonb(rejected) - 'reason'")
        statement = DELETE.format(violations=violations, insert=insert, **names)
    with connection.cursor() as cursor:
        cursor.execute(statement, [mapping.name, kind])


def reset_sequence(mapping: Mapping) -> None:
    """Set the sequence of the key behind the greatest key, and update the planner's statistics."""
    from django.core.management.color import no_style  # noqa: PLC0415 - only commands need it

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [mapping.new]):
            cursor.execute(statement)
        cursor.execute(f"ANALYZE {quote(mapping.new._meta.db_table)}")


def quote(name: str | None) -> str:
    return connection.ops.quote_name(name or "")


def literal(text: str) -> str:
    """A string literal for a statement that also has parameters."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"
