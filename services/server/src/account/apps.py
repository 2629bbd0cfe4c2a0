"""The accounts as an application."""

from django.apps import AppConfig


class Account(AppConfig):
    name = "account"

    def ready(self):
        from account import revocation  # noqa: F401, PLC0415 - connects its receivers, which need the models
