"""The parts of the description that operations share: errors, headers, and what a value may be."""

from typing import Any

from django_filters import CharFilter, Filter

from api.filters import MomentFilter

PROBLEM = {
    "type": "object",
    "description": "What went wrong: RFC 9457.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "request_id": {"type": "string", "description": "As in the header X-REQUEST-ID, and in the log."},
        "errors": {
            "type": "array",
            "description": "Each fault of the request.",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "field": {"type": "string", "description": "The name of the field or parameter."},
                    "pointer": {"type": "string", "description": "Where it is in the body: RFC 6901, section 6."},
                    "parameter": {"type": "string", "description": "Which parameter of the query it is."},
                    "code": {"type": "string", "description": "The kind of fault, for programs."},
                    "detail": {"type": "string", "description": "The fault in words."},
                },
            },
        },
    },
}
# By status.
ERRORS = {
    "400": "The request is not valid: a parameter is unknown, repeated or malformed, or the body is.",
    "401": "The token is unknown or expired, or there is none where one is needed.",
    "403": "The object is another user's.",
    "404": "There is no such object, or no such page.",
    "412": "The object is not in the state that If-Match names.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "422": "The Idempotency-Key was used for another request.",
    "429": "Too many requests.",
    "503": "The database is away.",
    "default": "Any other error.",
}
HEADERS = {
    "ETag": "The state of the object, for If-Match and If-None-Match.",
    "Link": 'The pages beside this one, as `rel="next"` and `rel="prev"` (RFC 8288).',
    "Location": "Where the new object is.",
    "Retry-After": "Seconds until the request may be sent again.",
    "WWW-Authenticate": "How to authenticate.",
    "X-REQUEST-ID": "The id of the request: the caller's own one when it is well-formed.",
}
WITH = {"401": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After"}


# No database keeps a NUL in a text.
TEXT = {"type": "string", "pattern": r"^[^\x00]*$"}
# Blanks are cut off at both ends, and something must be left. The last ones are blanks to Python only.
FILLED = r"^[^\x00]*[^\s\x00\x1c-\x1f\x85][^\x00]*$"
MOMENT = {"type": "string", "format": "date-time"}
# As the paginator makes it.
CURSOR = {"type": "string", "pattern": "^[A-Za-z0-9+/]+={0,2}$"}
LIMIT = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
KEY = {"type": "string", "pattern": "^[!-~]{1,255}$"}


def components() -> dict[str, Any]:
    """The components that operations refer to."""
    return {
        "headers": {name: header(name) for name in sorted({*WITH.values(), "X-REQUEST-ID"})},
        "responses": {status: problem(status) for status in ERRORS},
    }


def reference(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def problem(status: str) -> dict[str, Any]:
    """An answer that is an error."""
    names = ["X-REQUEST-ID", *([WITH[status]] if status in WITH else [])]
    return {
        "description": ERRORS[status],
        "content": {"application/problem+json": {"schema": reference("schemas", "Problem")}},
        "headers": {name: reference("headers", name) for name in names},
    }


def header(name: str) -> dict[str, Any]:
    """A header of an answer."""
    return {"description": HEADERS[name], "schema": {"type": "string"}}


def taken_by(taker: Filter | None) -> dict[str, Any]:
    """The schema of a filter's parameter, where the filter says more than its type."""
    if isinstance(taker, MomentFilter):
        return {"schema": MOMENT}
    if isinstance(taker, CharFilter):
        bound = taker.extra.get("max_length")
        return {"schema": {"type": "string", "pattern": FILLED, **({"maxLength": bound} if bound else {})}}
    return {}
