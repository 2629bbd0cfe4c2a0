"""The database of each model: the one that it declares, otherwise `legacy` for OldName and `default` for NewName."""

import re

LEGACY, DEFAULT = "legacy", "default"
PREFIXES = {"Old": LEGACY, "New": DEFAULT}


def database_of(model):
    """The alias of a model's database; None if neither declaration nor name decides, which leaves it to Django."""
    if declared := getattr(model, "database", None):
        return declared
    prefix = re.match("(Old|New)[A-Z]", model.__name__)
    return PREFIXES[prefix[1]] if prefix else None


class LegacyRouter:
    """Send queries to the model's database; the connection to the legacy database itself refuses writes."""

    def db_for_read(self, model, **hints):
        return database_of(model)

    def db_for_write(self, model, **hints):
        return database_of(model)

    def allow_relation(self, obj1, obj2, **hints):
        databases = {database_of(type(instance)) or DEFAULT for instance in (obj1, obj2)}
        return len(databases) == 1 if LEGACY in databases else None

    def allow_migrate(self, db, app_label, model_name=None, **hints):
        if db == LEGACY:
            return False
        model = hints.get("model")
        return False if model and database_of(model) == LEGACY else None
