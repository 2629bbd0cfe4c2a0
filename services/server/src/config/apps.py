"""The project itself as an application, for its checks."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "config"

    def ready(self):
        # Registers itself, which needs the settings.
        from config import checks  # noqa: F401, PLC0415
