"""The lines of the log, each with the fields of its request: docs/logs.md."""

import logging
import re
import time
from contextvars import ContextVar

import psycopg2
from django.core.signals import request_finished
from django.db import DatabaseError
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

PATH_BYTES = 512  # services/server/nginx/log.conf has the same
current = ContextVar("request", default=None)
# The messages of these quote code; those of others may quote what a client sent.
OF_CODE = (AttributeError, ImportError, NameError)
# After a colon up to the last quote, since the value itself may hold one.
QUOTED = re.compile(r"""(?<=: )(["']).*\1|(?<!\w)'[^']*'|"[^"]*"|“[^”]*”""", re.DOTALL)


def remember_request(get_response):
    """Middleware: keep the request for its lines, and pass route and user to nginx in headers, which nginx removes."""

    def middleware(request):
        request.started = time.perf_counter()
        current.set(request)
        response = get_response(request)
        if route := route_of(request):
            response["X-Log-Route"] = route
        if user := user_of(request):
            response["X-Log-User"] = user
        return response

    return middleware


@receiver(request_finished)
def forget_request(**kwargs):
    current.set(None)


def route_of(request):
    """The URL pattern that a request matched."""
    match = request.resolver_match
    # A header has one line, and a regular expression may have several.
    return " ".join(match.route.split()) if match else ""


def user_of(request):
    """The id of the authenticated user, as far as it is known without a query."""
    user = vars(request).get("user")
    if isinstance(user, SimpleLazyObject):
        user = vars(request).get("_cached_user")
    return "" if getattr(user, "pk", None) is None else str(user.pk)


def add_request_fields(record):
    """Logging filter: add the fields of the request to a record."""
    request = getattr(record, "request", None)
    request = request if isinstance(request, HttpRequest) else current.get()
    if request is not None:
        started = getattr(request, "started", None)
        fields = {
            "request_id": getattr(request, "id", None),
            "method": request.method,
            "route": route_of(request),
            "user": user_of(request),
            "duration_ms": started and round((time.perf_counter() - started) * 1000, 3),
        }
        vars(record).update({name: value for name, value in fields.items() if value})
    return True


def cut_paths(record):
    """Logging filter: keep the first bytes of a path in Django's messages, which a client may have made long."""
    if record.name.startswith("django.") and isinstance(record.args, tuple):
        record.args = tuple(cut(value) if isinstance(value, str) else value for value in record.args)
    return True


def cut(text):
    raw = text.encode(errors="replace")
    return text if len(raw) <= PATH_BYTES else raw[:PATH_BYTES].decode(errors="ignore")


def soften_client_errors(record):
    """Logging filter: make a warning of a client's fault, which Django logs as an error with a traceback of its own."""
    if record.name.startswith("django.security."):
        record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        record.exc_info = None
    return True


class ConsoleHandler(logging.StreamHandler):
    """Writes each event with the fields of its request to standard error."""

    def __init__(self):
        super().__init__()
        self.addFilter(add_request_fields)
        self.addFilter(soften_client_errors)
        self.addFilter(cut_paths)


class Formatter(JsonFormatter):
    """One JSON object for each event, with exceptions that do not quote values."""

    def __init__(self):
        # Django adds its request, whose text form includes the query.
        hidden = [*RESERVED_ATTRS, "request"]
        names = {"levelname": "level", "name": "logger", "status_code": "status"}
        super().__init__(["levelname", "name", "message"], rename_fields=names, reserved_attrs=hidden)

    def formatException(self, ei):  # noqa: N802 (Python's own name)
        text = str(super().formatException(ei))
        for error in related(ei[1]):
            if str(error):
                text = text.replace(f": {error}", f": {without_values(error)}")
        return text


def related(error):
    """An exception, with its causes, its contexts and the members of its groups."""
    seen, waiting = [], [error]
    while waiting:
        error = waiting.pop()
        if error is not None and error not in seen:
            seen.append(error)
            waiting += [error.__cause__, error.__context__, *getattr(error, "exceptions", ())]
    return seen


def without_values(error):
    """The message of an exception without quoted values; only the first line of a database's, which quotes rows."""
    if isinstance(error, OF_CODE):
        return str(error)
    text = str(error).partition("\n")[0] if isinstance(error, (DatabaseError, psycopg2.Error)) else str(error)
    # The whole message of KeyError and the like is a quote.
    return QUOTED.sub("?", f": {text}")[2:]
