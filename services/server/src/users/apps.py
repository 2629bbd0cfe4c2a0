"""The users as an application."""

from django.apps import AppConfig


class Users(AppConfig):
    name = "users"
    # The type of the ids in Django's own user table: tables that hold users already keep theirs.
    default_auto_field = "django.db.models.AutoField"
