"""The users of this service: Django's own model under the project's name, so that fields can be added at any time."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    pass
