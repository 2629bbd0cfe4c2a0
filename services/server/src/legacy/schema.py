"""Constraints and indexes: taken away before rows come, put back after them, which is several times as fast.

The rows that break a constraint are found then, all at once, and put aside with the reason.
"""

from typing import Any

from django.db import IntegrityError, connection, transaction

from legacy.mapping import Mapping, field_of
from legacy.models import RejectedRow

Dropped = dict[str, Any]
# What another table's foreign key leans on stays.
CONSTRAINTS = """
    SELECT contype, format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
           ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS k (number, place)
                 JOIN pg_attribute ON attrelid = conrelid AND attnum = k.number ORDER BY k.place),
           nullif(confrelid, 0)::regclass::text,
           (SELECT attname::text FROM pg_attribute WHERE attrelid = confrelid AND attnum = confkey[1])
    FROM pg_constraint AS one
    WHERE conrelid = %s::regclass AND contype IN ('f', 'u')
      AND NOT (contype = 'u' AND EXISTS (
          SELECT FROM pg_constraint WHERE contype = 'f' AND conindid = one.conindid AND conrelid <> one.conrelid))
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
    SELECT one.ctid AS place, format('%%s %%s is not in %%s', {name}, one.{column}, {parent_name}) AS reason
    FROM {table} AS one
    WHERE one.{column} IS NOT NULL AND NOT EXISTS (SELECT FROM {parent} AS other WHERE other.{key} = one.{column})
"""
DUPLICATES = """
    SELECT place, format('the same as %%s: %%s', first, {name}) AS reason FROM (
        SELECT ctid AS place, first_value({pk}) OVER same AS first, row_number() OVER same AS number
        FROM {table} WHERE ({columns}) IS NOT NULL WINDOW same AS (PARTITION BY {columns} ORDER BY {pk})
    ) AS numbered WHERE number > 1
"""
KEEP = 'INSERT INTO legacy_rejectedrow ("table", key, kind, reason, row) SELECT %s, {pk}::text, %s, reason, {row} FROM gone'
DELETE = """WITH bad AS ({bad}), gone AS (
    DELETE FROM {table} AS one USING bad WHERE one.ctid = bad.place RETURNING one.*, bad.reason) {keep}"""
NULLIFY = """WITH bad AS ({bad}),
    was AS (SELECT bad.*, one.{column} AS was FROM bad JOIN {table} AS one ON one.ctid = bad.place),
    gone AS (UPDATE {table} AS one SET {column} = NULL FROM was WHERE one.ctid = was.place
    RETURNING one.{pk}, was.was, was.reason) {keep}"""


def drop_constraints(table: str) -> list[Dropped]:
    """Take away what slows down writing; return how to put it back, in this order."""
    with connection.cursor() as cursor:
        dropped = []
        for query in (CONSTRAINTS, INDEXES):
            cursor.execute(query, [quote(table)])
            names = ("kind", "drop", "add", "columns", "parent", "key")
            dropped += [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        for one in dropped:
            cursor.execute(one["drop"])
    return dropped


def restore_constraints(mapping: Mapping, dropped: list[Dropped]) -> None:
    """Restore all of it; rows that are in the way are put aside."""
    with connection.cursor() as cursor:
        # A table of which a check is still to come cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for one in dropped:
        while not restore(one["add"], one["columns"]):
            reject_rows(mapping, one)


def restore(statement: str, columns: list[str]) -> bool:
    """Whether all rows keep to what is put back. Raises IntegrityError for an index, of which no columns are known."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError:
        if not columns:
            raise
        return False
    return True


def reject_rows(mapping: Mapping, one: Dropped) -> None:
    """Take the rows that break a constraint out of the table, or only their reference where that may be NULL."""
    table, pk = quote(mapping.new._meta.db_table), quote(mapping.new._meta.pk.column)
    names = {
        "table": table,
        "pk": pk,
        "column": quote(one["columns"][0]),
        "columns": ", ".join(map(quote, one["columns"])),
    }
    nullified = [field_of(mapping.new, name).column for name in mapping.nullify]
    kind = RejectedRow.Kind.DUPLICATE if one["kind"] == "u" else RejectedRow.Kind.ORPHAN
    if one["kind"] == "u":
        bad = DUPLICATES.format(name=literal(", ".join(one["columns"])), **names)
    else:
        names |= {"parent": one["parent"], "key": quote(one["key"])}
        bad = ORPHANS.format(name=literal(one["columns"][0]), parent_name=literal(one["parent"]), **names)
    if one["columns"][0] in nullified and one["kind"] == "f":
        kind = RejectedRow.Kind.NULLIFIED
        keep = KEEP.format(pk=pk, row=f"jsonb_build_object({literal(one['columns'][0])}, was)")
        statement = NULLIFY.format(bad=bad, keep=keep, **names)
    else:
        statement = DELETE.format(bad=bad, keep=KEEP.format(pk=pk, row="to_jsonb(gone) - 'reason'"), **names)
    with connection.cursor() as cursor:
        cursor.execute(statement, [mapping.name, kind])


def reset_sequence(mapping: Mapping) -> None:
    """Let the next new row have the next key."""
    from django.core.management.color import no_style  # noqa: PLC0415 - of commands only

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [mapping.new]):
            cursor.execute(statement)
        cursor.execute(f"ANALYZE {quote(mapping.new._meta.db_table)}")


def quote(name: str | None) -> str:
    return connection.ops.quote_name(name or "")


def literal(text: str) -> str:
    """A text as it stands in a statement that has parameters as well."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"
