"""The import of an older application's data."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class Legacy(AppConfig):
    name = "legacy"

    def ready(self):
        from legacy import checks  # noqa: F401, PLC0415 - importing the checks registers them; needs models
        from legacy.transfer import encoding  # noqa: PLC0415

        connection_created.connect(encoding.accept_any_bytes, dispatch_uid="legacy")
