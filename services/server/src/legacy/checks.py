"""What cannot work in a migration, told before it begins."""

from django.apps import apps
from django.core import checks
from django.core.checks import Error, Tags, register
from django.core.exceptions import FieldDoesNotExist
from django.db import connections

from legacy.mapping import every, field_of
from legacy.router import LEGACY, database_of

WRITABLE = (
    "SELECT has_table_privilege(%s, 'INSERT') OR has_table_privilege(%s, 'UPDATE') OR has_table_privilege(%s, 'DELETE')"
)


def old_models():
    return [model for model in apps.get_models() if database_of(model) == LEGACY]


@register("legacy")
def relations(**kwargs):
    """No database can hold, or join by, a foreign key to another one."""
    return [
        Error(
            f"{field} refers to {model_name(field.related_model)}, which is in another database",
            hint=f"make it an IntegerField, named {field.attname}; the mapping's function makes it a reference",
            obj=model,
            id="legacy.E001",
        )
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and crosses(model, field.related_model)
    ]


def model_name(model):
    return model._meta.object_name


def crosses(one, other):
    """Whether one model is in the older database, and the other is not."""
    return (database_of(one) == LEGACY) != (database_of(other) == LEGACY)


@register("legacy")
def managed(**kwargs):
    """Migrations never change the older database."""
    return [
        Error("a model of the older database has no table that migrations make", hint="managed = False in its Meta",
              obj=model, id="legacy.E002")
        for model in old_models() if model._meta.managed
    ]  # fmt: skip


@register(Tags.database)
def tables(databases=None, **kwargs):
    """Compare the models of the older database with its tables."""
    if LEGACY not in (databases or []) or LEGACY not in connections:
        return []
    connection = connections[LEGACY]
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor, include_views=True)
        return [fault for model in old_models() for fault in compare(model, names, connection, cursor)]


def compare(model, names, connection, cursor):
    """The faults of one model."""
    table = model._meta.db_table
    if table not in names:
        hint = "name the table in db_table; those that are there: inv manage --args inspectlegacy"
        return [Error(f"the older database has no table '{table}'", hint=hint, obj=model, id="legacy.E003")]
    faults = []
    there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
    if absent := {field.column for field in model._meta.concrete_fields} - there:
        hint = "name the column in db_column, or leave the field out"
        columns = ", ".join(map(repr, sorted(absent)))
        faults.append(Error(f"'{table}' has no column {columns}", hint=hint, obj=model, id="legacy.E003"))
    key = connection.introspection.get_primary_key_columns(cursor, table) or []
    declared = [field.column for field in model._meta.pk_fields]
    if key and sorted(key) != sorted(declared):
        hint = (
            f"pk = models.CompositePrimaryKey({', '.join(map(repr, key))})"
            if len(key) > 1
            else f"primary_key=True at '{key[0]}'"
        )
        faults.append(
            Error(
                f"the key of '{table}' is {', '.join(key)}, not {', '.join(declared)}",
                hint=hint,
                obj=model,
                id="legacy.E004",
            )
        )
    return faults + rights(model, connection, cursor)


def rights(model, connection, cursor):
    """The connection only reads by its settings, which its role could change."""
    if connection.vendor != "postgresql":
        return []
    table = connection.ops.quote_name(model._meta.db_table)
    cursor.execute(WRITABLE, [table] * 3)
    if not cursor.fetchone()[0]:
        return []
    hint = "a role that may do nothing but SELECT: docs/legacy.md"
    return [checks.Warning(f"the role may write to '{model._meta.db_table}'", hint=hint, obj=model, id="legacy.W007")]


@register("legacy")
def mappings(**kwargs):
    """Functions must read and write fields that exist, and write all that the new table needs."""
    faults, before = [], set()
    for mapping in every():
        found = [*unknown(mapping.old, mapping.reads), *unknown(mapping.new, mapping.writes)]
        if not found:
            found = missing(mapping)
        if not mapping.writes:
            says = mapping.function and f"{mapping.function.__name__} does not say which NamedTuple it returns"
            found = [says or "the models have no field in common"]
        hint = "a function's parameters are fields of the old model, its NamedTuple's those of the new one"
        faults += [Error(fault, hint=hint, obj=mapping.new, id="legacy.E005") for fault in found]
        before.add(mapping.new)
        faults += order(mapping, before)
    return faults


def unknown(model, names):
    """What a model does not have."""
    for name in names:
        try:
            field_of(model, name)
        except FieldDoesNotExist:
            yield f"{model.__name__} has no field '{name}'"


def missing(mapping):
    """The columns that are neither written nor filled by the database."""
    for field in mapping.new._meta.concrete_fields:
        by_itself = (
            field.null or field.has_db_default() or (field.primary_key and field.db_returning) or field.generated
        )
        if field not in mapping.fields and not by_itself:
            yield f"{mapping.new.__name__}.{field.name} is written by nobody"


def order(mapping, before):
    """A table comes after those that it refers to, whose rows tell which of its own are orphans."""
    parents = {field.related_model for field in mapping.new._meta.concrete_fields if field.is_relation}
    later = {other.new for other in every()} & parents - before
    return [
        Error(f"{mapping.new.__name__} refers to {parent.__name__}, which is imported later",
              hint="move its mapping up in MAPPINGS", obj=mapping.new, id="legacy.E006")
        for parent in later
    ]  # fmt: skip
