"""Additions to the generated description: headers, errors, and the views that are not REST framework's."""

from typing import Any, Literal

from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerFieldExtension,
    OpenApiViewExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers

from account.serializers import CredentialsSerializer
from api.conditional import ConditionalMixin
from api.renderers import PageRenderer
from idempotency.mixins import IdempotentCreateMixin
from openapi.components import CURSOR, FILLED, HEADERS, KEY, LIMIT, PROBLEM, TEXT, components, reference, taken_by
from openapi.plain import plain_paths

SUMMARIES = {
    "list": "List {}s",
    "create": "Create a {}",
    "retrieve": "Read a {}",
    "update": "Replace a {}",
    "partial_update": "Change a {}",
    "destroy": "Delete a {}",
}


def told(name: str, *statuses: int) -> OpenApiParameter:
    """A header of answers with these statuses."""
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=HEADERS[name], response=list(statuses))


def asked(name: str, description: str, kind: Any = str) -> OpenApiParameter:
    """A header of a request; its kind is a type or a schema."""
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, description=description)


class Bearer(OpenApiAuthenticationExtension):
    """The token of `POST /token/`."""

    target_class = "account.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "From `POST /token/`."}


class Text(OpenApiSerializerFieldExtension):
    """The pattern of a text in a request."""

    target_class = "api.fields.StringField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        schema = auto_schema._map_serializer_field(self.target, direction, bypass_extensions=True)  # noqa: SLF001
        pattern = FILLED if self.target.trim_whitespace else TEXT["pattern"]
        return {**schema, **({"pattern": pattern} if direction == "request" else {})}


class Token(OpenApiViewExtension):
    """Knox's view does not say what it takes and answers."""

    target_class = "account.views.TokenView"

    def view_replacement(self) -> type:
        token = inline_serializer("Token", {"expiry": serializers.DateTimeField(), "token": serializers.CharField()})

        class Described(self.target_class):  # type: ignore[name-defined]
            @extend_schema(summary="Get a token", request=CredentialsSerializer, responses={201: token}, auth=[])
            def post(self, request: Any) -> None: ...

            @extend_schema(summary="Revoke the token used", request=None, responses={204: None})
            def delete(self, request: Any) -> None: ...

        return Described


class AllTokens(OpenApiViewExtension):
    """A view without a serializer."""

    target_class = "account.views.AllTokensView"

    def view_replacement(self) -> type:
        class Described(self.target_class):  # type: ignore[name-defined]
            @extend_schema(summary="Revoke every token of the user", request=None, responses={204: None})
            def delete(self, request: Any) -> None: ...

        return Described


class Schema(AutoSchema):
    """Adds a summary, and the headers that come with a view's mixins."""

    def get_summary(self) -> str | None:
        summary = SUMMARIES.get(getattr(self.view, "action", ""))
        return summary.format(getattr(self.view, "basename", "")) if summary else super().get_summary()

    def map_renderers(self, attribute: str) -> list[Any]:
        """All but the page for a browser, which is for people."""
        pages = {PageRenderer.media_type, PageRenderer.format}
        return [renderer for renderer in super().map_renderers(attribute) if renderer not in pages]

    def get_override_parameters(self) -> list[Any]:
        return [*super().get_override_parameters(), *self.conditional(), *self.idempotent(), *self.paginated()]

    def _map_serializer(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> dict[str, Any]:
        """A body, with the example that its serializer gives as `Meta.example`."""
        schema = super()._map_serializer(serializer, direction, bypass_extensions)
        example = getattr(getattr(serializer, "Meta", None), "example", None)
        return {**schema, "examples": [example]} if example and direction == "request" else schema

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        """The query parameters of the filters, with what each takes."""
        filters = getattr(getattr(self.view, "filterset_class", None), "base_filters", {})
        parameters = super()._get_filter_parameters()
        return [{**parameter, **taken_by(filters.get(parameter["name"]))} for parameter in parameters]

    def _get_pagination_parameters(self) -> list[dict[str, Any]]:
        parameters = super()._get_pagination_parameters()
        schemas = {"limit": LIMIT, "cursor": CURSOR}
        return [parameter | {"schema": schemas.get(parameter["name"], parameter["schema"])} for parameter in parameters]

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        """304 where the answer is conditional."""
        bodies = super()._get_response_bodies(direction)
        names = {parameter.name for parameter in self.conditional()}
        return {**bodies, "304": {"description": "Nothing has changed."}} if "If-None-Match" in names else bodies

    def conditional(self) -> list[OpenApiParameter]:
        """ETag on one object, If-Match on its changes, If-None-Match on reading."""
        if not isinstance(self.view, ConditionalMixin):
            return []
        reading = [asked("If-None-Match", "Answer 304 while the ETag is this one.")] if self.method == "GET" else []
        changing = self.method in {"PUT", "PATCH", "DELETE"}
        matching = [asked("If-Match", "Change only while the ETag is this one.")] if changing else []
        one = not self._is_list_view() and self.method not in {"DELETE", "PUT"}
        return [*reading, *matching, *([told("ETag", 200, 201)] if one else [])]

    def idempotent(self) -> list[OpenApiParameter]:
        """Idempotency-Key on creation."""
        if self.method != "POST" or not isinstance(self.view, IdempotentCreateMixin):
            return []
        return [
            asked("Idempotency-Key", "A repeated request with it is answered as the first one was.", KEY),
            told("Location", 201),
        ]

    def paginated(self) -> list[OpenApiParameter]:
        """Link on lists."""
        return [told("Link", 200)] if self._is_list_view() else []


def complete(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Drf-spectacular's hook: add the errors, and the views that are not DRF's."""
    result["components"] |= components()
    result["components"]["schemas"]["Problem"] = PROBLEM
    for operations in result["paths"].values():
        for operation in operations.values():
            for answer in operation["responses"].values():
                answer.setdefault("headers", {})["X-REQUEST-ID"] = reference("headers", "X-REQUEST-ID")
            for status in errors(operation):
                operation["responses"][status] = reference("responses", status)
    result["paths"] = dict(sorted({**result["paths"], **plain_paths()}.items()))
    result["tags"] = tags(result["paths"])
    return result


def tags(paths: dict[str, Any]) -> list[dict[str, str]]:
    """The tags of the operations, each described as its first operation is."""
    operations = [operation for methods in paths.values() for operation in methods.values()]
    return [
        {"name": name, "description": next(each["description"] for each in operations if name in each.get("tags", ()))}
        for name in sorted({name for operation in operations for name in operation.get("tags", ())})
    ]


def errors(operation: dict[str, Any]) -> list[str]:
    """The statuses in which an operation can end, beside its own ones."""
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    found = ["400", "401", "429", "503", "default"]
    for statuses, holds in [
        (["404"], names & {"id", "cursor"}),
        (["403", "412"], "If-Match" in names),
        (["413", "415"], "requestBody" in operation),
        (["422"], "Idempotency-Key" in names),
    ]:
        found += statuses if holds else []
    return sorted(found)
