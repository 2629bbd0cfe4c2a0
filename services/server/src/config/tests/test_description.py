"""The description says what the columns can hold."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver
from rest_framework.serializers import ModelSerializer

from config.tests.test_access import routes

DOCUMENT = json.loads(Path(settings.BASE_DIR, "docs", "openapi.json").read_text())


def nodes(value):
    """Yield every object of the document."""
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from nodes(child)


def serializers():
    """The serializer of each route that has one."""
    views = {getattr(view, "cls", None) for _, view in routes(get_resolver().url_patterns)}
    found = {getattr(view, "serializer_class", None) for view in views} - {None}
    return sorted(filter(lambda each: issubclass(each, ModelSerializer), found), key=lambda each: each.__name__)


@pytest.mark.parametrize("serializer", serializers(), ids=lambda each: each.__name__)
def test_field_of_a_column_that_may_be_null_is_nullable(serializer):
    columns = {column.name: column for column in serializer.Meta.model._meta.concrete_fields}
    fields = serializer().fields.items()
    nullable = {name for name, field in fields if getattr(columns.get(field.source), "null", False)}
    assert nullable == {name for name, field in fields if field.allow_null}


def test_every_constant_has_a_type():
    assert [node for node in nodes(DOCUMENT) if ("const" in node or "enum" in node) and "type" not in node] == []


def test_no_pattern_looks_around_or_back():
    patterns = [node["pattern"] for node in nodes(DOCUMENT) if isinstance(node.get("pattern"), str)]
    assert patterns
    assert [pattern for pattern in patterns if re.search(r"\(\?(?:[=!]|<[=!])|\\[1-9]", pattern)] == []


def test_every_tag_and_operation_is_described():
    operations = [operation for methods in DOCUMENT["paths"].values() for operation in methods.values()]
    described = {tag["name"] for tag in DOCUMENT["tags"] if tag["description"]}
    assert {tag for operation in operations for tag in operation["tags"]} == described
    assert all(operation["description"] and operation["summary"] for operation in operations)
