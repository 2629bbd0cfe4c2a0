"""JSON is what DRF writes."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ErrorDetail
from rest_framework.renderers import JSONRenderer

from api.renderers import FastJSONRenderer

VALUES = [
    'ä ♥ \U0001f600 " \\ \n \x00',
    datetime(2026, 1, 1, 12, 0, 0, 5, UTC),
    datetime(2026, 1, 1, tzinfo=UTC),
    Decimal("1.50"),
    gettext_lazy("lazy"),
    ErrorDetail("wrong", code="invalid"),
    {1: [None, True, 2**63 - 1, 0.1]},
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_bytes_are_those_of_drf(value):
    assert FastJSONRenderer().render({"value": value}) == JSONRenderer().render({"value": value})


def test_nothing_is_no_bytes():
    assert FastJSONRenderer().render(None) == b""


def test_only_a_page_is_indented():
    text = FastJSONRenderer().render({"a": [1]}, "application/json; indent=2", {"indent": 2}).decode()
    assert text == json.dumps({"a": [1]}, indent=2)
    assert FastJSONRenderer().render({"a": [1]}, "application/json; indent=2") == b'{"a":[1]}'
