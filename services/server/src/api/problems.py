"""One form for every error: problem details as JSON (RFC 9457), with the id of the request."""

import logging
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import JsonResponse
from rest_framework import exceptions
from rest_framework.views import exception_handler

from runtime.log import without_values

CONTENT_TYPE = "application/problem+json"
RETRY_SECONDS = "1"
LIMIT_EXCEEDED = "54"  # class of https://www.postgresql.org/docs/17/errcodes-appendix.html
logger = logging.getLogger(__name__)


class BodyTooLarge(exceptions.APIException):
    status_code = 413
    default_detail = "The body of the request is too large."


class Unavailable(exceptions.APIException):
    status_code = 503
    default_detail = "The database is busy or away."


def handle(error, context):
    """DRF's exception handler: turn an exception of a view into a response; None where the fault is the server's."""
    response = exception_handler(known_to_drf(error, context), context)
    if response is None:
        return None
    if response.status_code == 503:
        response["Retry-After"] = RETRY_SECONDS
    request = context["request"]
    response.data = problem(request, response.status_code, *described(response.data))
    # The browsable API shows the same as a page. Before a renderer is chosen, it is JSON.
    if getattr(getattr(request, "accepted_renderer", None), "format", "json") == "json":
        response.content_type = CONTENT_TYPE
    return response


def known_to_drf(error, context):
    """The exception of DRF that stands for one of Django's, which DRF does not handle."""
    # A token would not help: nobody may use this method.
    if (
        isinstance(error, exceptions.NotAuthenticated)
        and context["request"].method not in context["view"].allowed_methods
    ):
        return exceptions.MethodNotAllowed(context["request"].method)
    if isinstance(error, RequestDataTooBig):
        return BodyTooLarge()
    if isinstance(error, SuspiciousOperation):
        return exceptions.ParseError(str(error))
    return for_database(error) if isinstance(error, OperationalError) else error


def for_database(error):
    """The exception for a failed query: 400 where the query is too complex, 503 where the database is busy or away."""
    code = getattr(error.__cause__, "pgcode", None) or ""
    if code.startswith(LIMIT_EXCEEDED):
        return exceptions.ParseError("The query is too complex.")
    logger.error("Database cannot be used: %s", without_values(error))
    return Unavailable()


def described(data):
    """The `detail` and the errors by field of a response of DRF."""
    if isinstance(data, dict) and [*data] == ["detail"]:
        return str(data["detail"]), None
    return "The request is not valid.", [*flat(data)]


def flat(data, *path):
    """Yield each message with the path of its field."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from flat(value, *path, str(name))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from flat(value, *path, *([str(index)] if isinstance(value, dict) else []))
    else:
        yield {**({"field": ".".join(path)} if path else {}), "detail": str(data)}


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
    return JsonResponse(problem(request, status, detail), status=status, content_type=CONTENT_TYPE)


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
    return answer(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def permission_denied(request, exception):
    return answer(request, 403)


def not_found(request, exception):
    return answer(request, 404)


def server_error(request):
    return answer(request, 500)


def csrf_failure(request, reason=""):
    return answer(request, 403, reason)
