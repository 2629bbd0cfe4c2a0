"""What is told of an event, and of the request that it belongs to: docs/logs.md."""

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

# The request that this thread answers.
current = ContextVar("request", default=None)
# What these quote is of the code; what others do may be what somebody sent.
OF_CODE = (AttributeError, ImportError, NameError)
# After a colon to the last quote, since the value may hold one itself.
QUOTED = re.compile(r"""(?<=: )(["']).*\1|(?<!\w)'[^']*'|"[^"]*"|“[^”]*”""", re.DOTALL)


def remember_request(get_response):
    """Middleware: keep the request for its lines, and tell nginx, which hides the headers, what it cannot know."""

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
    """The pattern that the address of a request has matched."""
    match = request.resolver_match
    # A header has one line, and a regular expression may have several.
    return " ".join(match.route.split()) if match else ""


def user_of(request):
    """The id of the user whom the request has been found to be from, without asking the database for it."""
    user = vars(request).get("user")
    if isinstance(user, SimpleLazyObject):
        user = vars(request).get("_cached_user")
    return "" if getattr(user, "pk", None) is None else str(user.pk)


def add_request_fields(record):
    """A filter: add what is known of the request that a line belongs to."""
    request = getattr(record, "request", None)
    request = request if isinstance(request, HttpRequest) else current.get()
    if request is not None:
        started = getattr(request, "started", None)
        told = {
            "request_id": getattr(request, "id", None),
            "method": request.method,
            "route": route_of(request),
            "user": user_of(request),
            "duration_ms": started and round((time.perf_counter() - started) * 1000, 3),
        }
        vars(record).update({name: value for name, value in told.items() if value})
    return True


def soften_client_errors(record):
    """A filter: what a client has done wrong, Django tells as an error, with the traceback of its own code."""
    if record.name.startswith("django.security."):
        record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        record.exc_info = None
    return True


class ConsoleHandler(logging.StreamHandler):
    """Prints each event with the fields of its request."""

    def __init__(self):
        super().__init__()
        self.addFilter(add_request_fields)
        self.addFilter(soften_client_errors)


class Formatter(JsonFormatter):
    """One JSON object for each event; its exceptions without the values that they quote."""

    def __init__(self):
        # Django adds its request, which as a text has the query.
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
    """An exception, and those that it came from or holds."""
    found, waiting = [], [error]
    while waiting:
        error = waiting.pop()
        if error is not None and error not in found:
            found.append(error)
            waiting += [error.__cause__, error.__context__, *getattr(error, "exceptions", ())]
    return found


def without_values(error):
    """What an exception says, without what it quotes; of the database, which quotes rows and statements, a line."""
    if isinstance(error, OF_CODE):
        return str(error)
    text = str(error).partition("\n")[0] if isinstance(error, (DatabaseError, psycopg2.Error)) else str(error)
    # KeyError and the like quote the whole.
    return QUOTED.sub("?", f": {text}")[2:]
