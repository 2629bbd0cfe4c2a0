"""Faults of the configuration, all at once and in words: part of every command and of the start of the server."""

from django.conf import settings
from django.core.checks import Error, register

try:
    import uwsgi
except ImportError:  # under manage.py and pytest
    uwsgi = None

# A worker keeps one, and asks on a second one whether the database answers at all: runtime/connection.py.
CONNECTIONS_OF_A_WORKER = 2
CONNECTIONS = 80  # of the role `app`: services/db/roles.sql


@register("config")
def environment(**kwargs):
    """Report each variable that is missing, unreadable or of the wrong type."""
    hint = "set the variable, or its twin with _FILE at the end to the path of a file"
    return [Error(fault, hint=hint, id="config.E001") for fault in settings.ENVIRONMENT_FAULTS]


@register("config")
def connections(**kwargs):
    """Report more workers than the database lets in, as on a machine with many cores."""
    if not uwsgi:
        return []
    needed = uwsgi.numproc * CONNECTIONS_OF_A_WORKER
    if needed <= CONNECTIONS:
        return []
    fault = f"{uwsgi.numproc} workers need {needed} connections, and the database has {CONNECTIONS} for them"
    hint = f"set processes = {CONNECTIONS // CONNECTIONS_OF_A_WORKER} in uwsgi.ini, or raise the limit in roles.sql"
    return [Error(fault, hint=hint, id="config.E002")]
