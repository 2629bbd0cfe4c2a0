"""System checks of the configuration: every command runs them, and so does the server when it starts."""

from django.conf import settings
from django.core.checks import Error, register

try:
    import uwsgi
except ImportError:  # under manage.py and pytest
    uwsgi = None

# A worker keeps one, and opens a second one to check whether the database answers at all: runtime/connection.py.
CONNECTIONS_OF_A_WORKER = 2
CONNECTIONS_OF_HEALTH = 1  # health/state.py
CONNECTIONS = 80  # of the role `app`: services/db/roles.sql


@register("config")
def environment(**kwargs):
    """Report every variable that is missing, unreadable or of the wrong type."""
    hint = "set the variable, or its twin with _FILE at the end to the path of a file"
    return [Error(fault, hint=hint, id="config.E001") for fault in settings.ENVIRONMENT_FAULTS]


@register("config")
def connections(**kwargs):
    """Report more workers than the database has connections for, as on a machine with many cores."""
    if not uwsgi:
        return []
    needed = uwsgi.numproc * CONNECTIONS_OF_A_WORKER + CONNECTIONS_OF_HEALTH
    if needed <= CONNECTIONS:
        return []
    fault = f"{uwsgi.numproc} workers need {needed} connections, but the database allows {CONNECTIONS}"
    most = (CONNECTIONS - CONNECTIONS_OF_HEALTH) // CONNECTIONS_OF_A_WORKER
    hint = f"set processes = {most} in uwsgi.ini, or raise the limit in roles.sql"
    return [Error(fault, hint=hint, id="config.E002")]
