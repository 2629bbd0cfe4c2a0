"""One form for every error: problem details as JSON (RFC 9457), with the id of the request."""

import logging
import math
import sys
from http import HTTPStatus
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import Error, connection
from django.http import JsonResponse
from rest_framework import exceptions
from rest_framework.views import exception_handler

from api.throttling import counted
from runtime import trouble
from runtime.log import without_values

CONTENT_TYPE = "application/problem+json"
ACCEPTED = "application/json"  # by every parser
UNAUTHENTICATED = 'The request has no token - send one as "Authorization: Bearer TOKEN".'
logger = logging.getLogger(__name__)


class BodyTooLarge(exceptions.APIException):
    status_code = 413
    default_detail = "The body of the request is too large."


class InvalidQuery(exceptions.ValidationError):
    """Query parameters that are not valid: their faults by name."""


class DatabaseTrouble(exceptions.APIException):
    """The response to an error of the database: runtime/trouble.py."""

    def __init__(self, trouble):
        super().__init__(trouble.detail, trouble.word)
        self.status_code, self.wait = trouble.status, trouble.retry_seconds


def handle(error, context):
    """DRF's exception handler: turn an exception of a view into a response; None where the fault is the server's."""
    response = exception_handler(known_to_drf(error, context), context)
    if response is None:
        return None
    request = context["request"]
    place = "parameter" if isinstance(error, InvalidQuery) else "pointer"
    response.data = problem(request, response.status_code, *described(response.data, place))
    if response.status_code == 415:
        response["Accept"] = ACCEPTED
    if request.method == "PATCH" and response.status_code == 415:
        response["Accept-Patch"] = ACCEPTED
    # A browser gets the same as a page. Before a renderer is chosen, it is JSON.
    if getattr(getattr(request, "accepted_renderer", None), "format", "json") == "json":
        response.content_type = CONTENT_TYPE
    return response


def known_to_drf(error, context):
    """The exception of DRF that stands for one of Django's, which DRF does not handle."""
    # A token would not help: nobody may use this method.
    if isinstance(error, exceptions.APIException) and context["request"].method not in context["view"].allowed_methods:
        return exceptions.MethodNotAllowed(context["request"].method)
    if isinstance(error, exceptions.NotAuthenticated):
        error.detail = exceptions.ErrorDetail(UNAUTHENTICATED, error.default_code)
        return counted(error, context)
    if isinstance(error, RequestDataTooBig):
        return BodyTooLarge()
    if isinstance(error, SuspiciousOperation):
        return exceptions.ParseError(str(error))
    found = noted(error) if isinstance(error, Error) else None
    return DatabaseTrouble(found) if found else error


def noted(error):
    """The trouble of the database that an exception stands for, after a line in the log; else None."""
    found = trouble.of(error)
    if found and found.status >= 500:
        logger.error("Database cannot be used (%s): %s", found.word, without_values(error))
        # At the end of the request: a new connection may reach the server that has taken over.
        connection.close_at = 0
    return found


def described(data, place="pointer"):
    """The `detail` and the errors by field of a response of DRF."""
    if isinstance(data, dict) and [*data] == ["detail"]:
        return str(data["detail"]), None
    faults = [fault(path, getattr(message, "code", "invalid"), message, place) for path, message in flat(data)]
    return "The request is not valid.", faults


def flat(data, *path):
    """Yield each message with the path of its field."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from flat(value, *path, str(name))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from flat(value, *path, *([str(index)] if isinstance(value, dict) else []))
    else:
        yield path, data


def fault(path, code, message, place):
    """One of the `errors`: the field, where in the request it is, a code for programs and a sentence for people."""
    name = ".".join(path)
    where = {"field": name, place: pointer(path) if place == "pointer" else name} if path else {}
    return {**where, "code": code, "detail": str(message)}


def pointer(path):
    """The place in the body, as a JSON Pointer in a URI fragment: RFC 6901, section 6."""
    return "#" + "".join(
        "/" + quote(name.replace("~", "~0").replace("/", "~1"), safe="~!$&'()*+,;=:@") for name in path
    )


def problem(request, status, detail="", errors=None):
    """The problem details of an error."""
    members = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors,
        "request_id": getattr(request, "id", settings.NO_REQUEST_ID),
    }
    return {name: value for name, value in members.items() if value}


def answer(request, status, detail=""):
    """The response to an error outside DRF."""
    return send(problem(request, status, detail))


def send(members):
    """The response with some problem details."""
    return JsonResponse(members, status=members["status"], content_type=CONTENT_TYPE)


def refuse_query(request, faults):
    """The response to query parameters that are not valid: for each its name, a code and a sentence."""
    errors = [fault([name], code, sentence, "parameter") for name, code, sentence in faults]
    names = ", ".join(f'"{name}"' for name, _, _ in faults)
    return send(problem(request, 400, f"Query parameters are not valid: {names}.", errors))


def answer_trouble(request, found):
    """The response to trouble of the database outside DRF."""
    response = answer(request, found.status, found.detail)
    if found.retry_seconds is not None:
        response["Retry-After"] = str(found.retry_seconds)
    response._has_been_logged = True  # noqa: SLF001 - else Django writes a traceback
    return response


def explain(get_response):
    """Middleware: give errors without a body, such as those of Django's decorators, the form of the others."""

    def middleware(request):
        response = get_response(request)
        if response.status_code >= 400 and not response.streaming and not response.content:
            response.content = answer(request, response.status_code).content
            response["Content-Type"] = CONTENT_TYPE
            response["Content-Length"] = str(len(response.content))
        return response

    return middleware


def bad_request(request, exception):
    # A session that could not be saved.
    if found := noted(exception):
        return answer_trouble(request, found)
    return answer(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request, exception):
    return answer(request, 403)


def not_found(request, exception):
    return answer(request, 404)


def server_error(request):
    """Answer an exception that no view has handled, of a middleware or the admin as well."""
    error = sys.exception()
    if isinstance(error, exceptions.Throttled):
        found = trouble.Trouble("throttled", str(error.detail), math.ceil(getattr(error, "wait", 1)), 429)
    else:
        found = noted(error)
    return answer_trouble(request, found) if found else answer(request, 500)


def csrf_failure(request, reason=""):
    return answer(request, 403, reason)
