"""Which database a model is in: the one that it declares, else `legacy` for OldName and `default` for NewName."""

import re

LEGACY, DEFAULT = "legacy", "default"
PREFIXES = {"Old": LEGACY, "New": DEFAULT}


def database_of(model):
    """The alias of a model's database; None where nothing is said, which leaves it to Django."""
    if declared := getattr(model, "database", None):
        return declared
    prefix = re.match("(Old|New)[A-Z]", model.__name__)
    return PREFIXES[prefix[1]] if prefix else None


class LegacyRouter:
    """Reads and writes go where the model is; the older database takes no writes, and says so itself."""

    def db_for_read(self, model, **hints):
        return database_of(model)

    def db_for_write(self, model, **hints):
        return database_of(model)

    def allow_relation(self, obj1, obj2, **hints):
        sides = {database_of(type(side)) or DEFAULT for side in (obj1, obj2)}
        return len(sides) == 1 if LEGACY in sides else None

    def allow_migrate(self, db, app_label, model_name=None, **hints):
        if db == LEGACY:
            return False
        model = hints.get("model")
        return False if model and database_of(model) == LEGACY else None
