"""The check of names and passwords, for the API and the admin."""

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend

from account import attempts


class LimitedBackend(ModelBackend):
    """Django's own, with a limit of attempts; raises Throttled, which both answer with 429."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        name = kwargs.get(get_user_model().USERNAME_FIELD) if username is None else username
        if request is None or name is None:
            return super().authenticate(request, username, password, **kwargs)
        attempts.require_attempt(name, request)
        user = super().authenticate(request, username, password, **kwargs)
        if user is None:
            attempts.note_failure(request)
        else:
            attempts.note_success(name, request)
        return user
