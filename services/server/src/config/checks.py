"""Faults of the configuration, all at once and in words: part of every command and of the start of the server."""

from django.conf import settings
from django.core.checks import Error, register


@register("config")
def environment(**kwargs):
    """Report each variable that is missing, unreadable or of the wrong type."""
    hint = "set the variable, or its twin with _FILE at the end to the path of a file"
    return [Error(fault, hint=hint, id="config.E001") for fault in settings.ENVIRONMENT_FAULTS]
