"""The description of the views that are plain functions."""

from typing import Any

from docs.views import CONTENT_TYPE as SCHEMA_TYPE
from openapi.components import reference


def plain_paths() -> dict[str, Any]:
    """The views that are plain functions."""
    up = {"type": "string", "enum": ["up", "down"]}
    part = {
        "type": "object",
        "required": ["status", "milliseconds"],
        "properties": {"status": up, "milliseconds": {"type": "number", "minimum": 0}, "newer": {"type": "boolean"}},
    }
    parts = {"type": "object", "additionalProperties": part}
    ready = {"type": "object", "required": ["status", "parts"], "properties": {"status": up, "parts": parts}}
    live = {"type": "object", "required": ["status"], "properties": {"status": {"type": "string", "enum": ["up"]}}}
    address = {"type": "string", "format": "uri"}
    root = {"type": "object", "additionalProperties": address}
    return {
        "/": {
            "get": plain(
                "root", "Find the resources", "The address of each resource. A browser is led to the docs.", root
            )
        },
        "/healthcheck/": {"get": plain("ready", "Ask whether the service can work", "Needs every part.", ready, "503")},
        "/healthcheck/live/": {
            "get": plain("live", "Ask whether the process is alive", "Needs nothing but the process.", live)
        },
        "/schema/": {
            "get": plain("schema", "Read this description", "OpenAPI as JSON.", {"type": "object"}, media=SCHEMA_TYPE)
        },
    }


def plain(
    name: str, summary: str, description: str, body: dict[str, Any], *statuses: str, media: str = "application/json"
) -> Any:
    """An operation without parameters that everybody may call; its body is the same with each status."""
    headers = {"X-REQUEST-ID": reference("headers", "X-REQUEST-ID")}
    answer = {"description": "", "content": {media: {"schema": body}}, "headers": headers}
    responses = {**dict.fromkeys(["200", *statuses], answer), "default": reference("responses", "default")}
    return {
        "operationId": name,
        "summary": summary,
        "description": description,
        "tags": ["service"],
        "security": [{}],
        "responses": responses,
    }
