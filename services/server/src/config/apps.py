"""The configuration as an application, which registers its system checks."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "config"

    def ready(self):
        # Importing it registers the checks, which need the settings.
        from config import checks  # noqa: F401, PLC0415
