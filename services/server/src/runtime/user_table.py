"""Give the table of Django's own user model, with all that it holds, to the user model of the project.

Migrations cannot do that: those of the admin and of the tokens refer to the users, and in such a database they are
applied before the first migration of the project's model. No row changes, so ids, passwords and tokens stay valid.
"""

from functools import partial

from django.conf import settings
from django.core.management.base import CommandError
from django.db.migrations import CreateModel
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

OLD = "auth.User"
OLD_TABLE = "auth_user"
REFERRERS = "SELECT relname FROM pg_constraint JOIN pg_class ON conrelid = pg_class.oid WHERE confrelid = %s::regclass"
CONTENT_TYPE = "UPDATE django_content_type SET app_label = %s, model = %s WHERE app_label = 'auth' AND model = 'user'"


def is_old(connection):
    """Whether the users are in the table of Django's own model, which is not the project's."""
    return settings.AUTH_USER_MODEL != OLD and OLD_TABLE in connection.introspection.table_names()


def adopt(connection):
    """Rename the tables, and record the first migration of the project's model; return its table.

    Raises CommandError, and then changes nothing.
    """
    loader = MigrationLoader(connection)
    first = loader.graph.root_nodes(settings.AUTH_USER_MODEL.split(".")[0])[0]
    models = loader.project_state(first).apps
    model = models.get_model(settings.AUTH_USER_MODEL)
    tables = {OLD_TABLE: model._meta.db_table}
    tables |= {f"{OLD_TABLE}_{field.name}": field.m2m_db_table() for field in model._meta.local_many_to_many}
    require_same(first, [*differences(connection, models.get_model(OLD), model), *others(loader.graph.nodes[first])])
    require_whole(connection, first, tables)
    with connection.schema_editor() as editor:
        rename(editor, tables)
        editor.execute(CONTENT_TYPE, [model._meta.app_label, model._meta.model_name])
        MigrationRecorder(connection).record_applied(*first)
    return model._meta.db_table


def require_same(first, different):
    """Raise CommandError where the first migration makes anything but Django's own model."""
    if different:
        raise CommandError(
            f"{'.'.join(first)} is not Django's own user model, in whose table '{OLD_TABLE}' the users are: "
            f"{', '.join(different)} - put that into a second migration"
        )


def differences(connection, old, new):
    """The names of the fields and indexes in which two models differ, or `name` where their own do."""
    first, second = columns(connection, old), columns(connection, new)
    return sorted(name for name in first | second if first.get(name) != second.get(name))


def columns(connection, model):
    """The database's definition of each field and index, by name."""
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    kept = {field.name: (field.db_type(connection), field.null, field.unique, field.db_index) for field in fields}
    # By the model's name, the tables of groups and permissions name their column.
    kept["name"] = model._meta.model_name
    return kept | {index.name: index for index in [*model._meta.indexes, *model._meta.constraints]}


def others(migration):
    """The operations of a migration that do not make the user model, in words."""
    name = settings.AUTH_USER_MODEL.split(".")[1]
    made = [isinstance(operation, CreateModel) and operation.name == name for operation in migration.operations]
    return [operation.describe() for operation, own in zip(migration.operations, made, strict=True) if not own]


def require_whole(connection, first, tables):
    """Raise CommandError where the database does not hold the old tables alone."""
    existing = connection.introspection.table_names()
    wrong = [f"table '{table}' is missing" for table in tables if table not in existing]
    wrong += [f"table '{table}' exists already" for table in tables.values() if table in existing]
    applied = MigrationRecorder(connection).applied_migrations()
    wrong += [f"migration {app}.{name} is applied already" for app, name in applied if app == first[0]]
    if wrong:
        raise CommandError(
            f"the users in '{OLD_TABLE}' cannot move to '{tables[OLD_TABLE]}': {', '.join(wrong)}"
            " - repair it with the release before this, or restore a backup"
        )


def rename(editor, tables):
    """Rename tables, the first of which holds the users, and their indexes, sequences and keys as in a new database."""
    quote, introspection = editor.quote_name, editor.connection.introspection
    with editor.connection.cursor() as cursor:
        cursor.execute(REFERRERS, [next(iter(tables))])
        for table in sorted({*tables, *(name for (name,) in cursor.fetchall())}):
            for name, new, is_key in renamed(editor, cursor, table, tables):
                what = f"TABLE {quote(table)} RENAME CONSTRAINT" if is_key else "INDEX"
                editor.execute(f"ALTER {what} {quote(name)} {'' if is_key else 'RENAME '}TO {quote(new)}")
        for table, new_table in tables.items():
            for sequence in introspection.get_sequences(cursor, table):
                new = sequence["name"].replace(table, new_table, 1)
                editor.execute(f"ALTER SEQUENCE {quote(sequence['name'])} RENAME TO {quote(new)}")
            editor.execute(f"ALTER TABLE {quote(table)} RENAME TO {quote(new_table)}")


def renamed(editor, cursor, table, tables):
    """The name, the new one, and whether it is a foreign key, of what is named after one of the tables."""
    for name, facts in editor.connection.introspection.get_constraints(cursor, table).items():
        target = facts["foreign_key"]
        if None in facts["columns"]:
            continue  # an index of expressions, to which an owner has given its name
        new_target = target and (tables.get(target[0], target[0]), target[1])
        old_names = names(editor, table, facts["columns"], target)
        new_names = names(editor, tables.get(table, table), facts["columns"], new_target)
        new = dict(zip(old_names, new_names, strict=True)).get(name, name)
        if new != name:
            yield name, new, bool(target)


def names(editor, table, columns, target):
    """The names that Django and PostgreSQL give to what constrains or indexes these columns."""
    # Nothing public of Django says them, and they contain a hash; a test compares them with those of a new database.
    named = partial(editor._create_index_name, table, columns)  # noqa: SLF001
    if target:
        return [named("_fk_{}_{}".format(*target))]
    return [f"{table}_pkey", f"{table}_{'_'.join(columns)}_key", named(""), named("_like"), named("_uniq")]
