"""System checks that find before the import what cannot work."""

from django.apps import apps
from django.core import checks
from django.core.checks import Error, Tags, register
from django.core.exceptions import FieldDoesNotExist
from django.db import connections

from legacy.mapping import all_mappings, field_of
from legacy.router import LEGACY, database_of

WRITABLE = (
    "SELECT has_table_privilege(%s, 'INSERT') OR has_table_privilege(%s, 'UPDATE') OR has_table_privilege(%s, 'DELETE')"
)


def old_models():
    return [model for model in apps.get_models() if database_of(model) == LEGACY]


@register("legacy")
def check_relations(**kwargs):
    """Find foreign keys to another database, which no database can enforce or join by."""
    return [
        Error(
            f"{field} refers to {model_name(field.related_model)}, which is in another database",
            hint=f"make it an IntegerField named {field.attname}; the mapping's function turns it into a reference",
            obj=model,
            id="legacy.E001",
        )
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and are_in_different_databases(model, field.related_model)
    ]


def model_name(model):
    return model.__name__


def are_in_different_databases(model, other):
    """Whether exactly one of two models is in the legacy database."""
    return (database_of(model) == LEGACY) != (database_of(other) == LEGACY)


@register("legacy")
def check_managed(**kwargs):
    """Find old models that Django manages: migrations must not change the legacy database."""
    return [
        Error("Django must not manage a model of the legacy database", hint="set managed = False in its Meta",
              obj=model, id="legacy.E002")
        for model in old_models() if model._meta.managed
    ]  # fmt: skip


@register(Tags.database)
def check_tables(databases=None, **kwargs):
    """Compare the old models with the tables of the legacy database."""
    if LEGACY not in (databases or []) or LEGACY not in connections:
        return []
    connection = connections[LEGACY]
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor, include_views=True)
        return [fault for model in old_models() for fault in compare(model, tables, connection, cursor)]


def compare(model, tables, connection, cursor):
    """The differences between a model and its table."""
    table = model._meta.db_table
    if table not in tables:
        hint = "name an existing table in db_table; to list the tables: inv manage --args inspectlegacy"
        return [Error(f"the legacy database has no table '{table}'", hint=hint, obj=model, id="legacy.E003")]
    faults = []
    columns = {column.name for column in connection.introspection.get_table_description(cursor, table)}
    if missing := {field.column for field in model._meta.concrete_fields} - columns:
        hint = "name the column in db_column, or remove the field"
        names = ", ".join(map(repr, sorted(missing)))
        faults.append(Error(f"'{table}' has no column {names}", hint=hint, obj=model, id="legacy.E003"))
    key = connection.introspection.get_primary_key_columns(cursor, table) or []
    declared = [field.column for field in model._meta.pk_fields]
    if key and sorted(key) != sorted(declared):
        hint = (
            f"pk = models.CompositePrimaryKey({', '.join(map(repr, key))})"
            if len(key) > 1
            else f"set primary_key=True on '{key[0]}'"
        )
        message = f"the primary key of '{table}' is {', '.join(key)}, not {', '.join(declared)}"
        faults.append(Error(message, hint=hint, obj=model, id="legacy.E004"))
    return faults + check_privileges(model, connection, cursor)


def check_privileges(model, connection, cursor):
    """Warn of a role that may write: the connection is read-only by a setting, which its role could change."""
    if connection.vendor != "postgresql":
        return []
    table = connection.ops.quote_name(model._meta.db_table)
    cursor.execute(WRITABLE, [table] * 3)
    if not cursor.fetchone()[0]:
        return []
    hint = "use a role that has no privilege but SELECT: docs/legacy.md"
    message = f"the role may write to '{model._meta.db_table}'"
    return [checks.Warning(message, hint=hint, obj=model, id="legacy.W007")]


@register("legacy")
def check_mappings(**kwargs):
    """Check that functions read and write existing fields, and write all that the target table needs."""
    faults, imported = [], set()
    for mapping in all_mappings():
        messages = [*unknown_fields(mapping.old, mapping.reads), *unknown_fields(mapping.new, mapping.writes)]
        if not messages:
            messages = missing_fields(mapping)
        if not mapping.writes:
            messages = [
                f"{mapping.function.__name__} has no NamedTuple as the annotation of its return value"
                if mapping.function
                else "the models have no field in common"
            ]
        hint = "the function's parameters are fields of the old model, and those of its NamedTuple are the new model's"
        faults += [Error(message, hint=hint, obj=mapping.new, id="legacy.E005") for message in messages]
        imported.add(mapping.new)
        faults += check_order(mapping, imported)
    return faults


def unknown_fields(model, names):
    """Yield a message for each name that is not a field of the model."""
    for name in names:
        try:
            field_of(model, name)
        except FieldDoesNotExist:
            yield f"{model.__name__} has no field '{name}'"


def missing_fields(mapping):
    """Yield a message for each column that the mapping does not write and the database does not fill."""
    for field in mapping.new._meta.concrete_fields:
        is_filled = (
            field.null or field.has_db_default() or (field.primary_key and field.db_returning) or field.generated
        )
        if field not in mapping.fields and not is_filled:
            yield f"the mapping does not write {mapping.new.__name__}.{field.name}, which needs a value"


def check_order(mapping, imported):
    """Find tables that are imported before a table that they refer to: all their rows would be orphans."""
    parents = {field.related_model for field in mapping.new._meta.concrete_fields if field.is_relation}
    later = {other.new for other in all_mappings()} & parents - imported
    return [
        Error(f"{mapping.new.__name__} refers to {parent.__name__}, which is imported later",
              hint=f"move the mapping of {parent.__name__} up in MAPPINGS", obj=mapping.new, id="legacy.E006")
        for parent in later
    ]  # fmt: skip
