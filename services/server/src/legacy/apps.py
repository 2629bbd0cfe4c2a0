"""The import of an older application's data, and what it needs of Django."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class Legacy(AppConfig):
    name = "legacy"

    def ready(self):
        from legacy import checks, encoding  # noqa: F401, PLC0415 - the checks register themselves, which needs the models

        connection_created.connect(encoding.read_any_bytes, dispatch_uid="legacy")
