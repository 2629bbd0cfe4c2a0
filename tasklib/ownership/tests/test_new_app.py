"""The files of a new application."""

import ast
import json

import pytest

from tasklib.ownership.new_app import files

MOST_LINES = 30
FILES = {str(path.relative_to("services/server/src/order_item")): text for path, text in files("order_item").items()}
PYTHON = {name: text for name, text in FILES.items() if name.endswith(".py")}


def test_every_part_of_an_application_is_there():
    parts = ["models", "migrations/0001_initial", "serializers", "views", "urls", "admin", "tests/test_views"]
    assert {*FILES} > {"fixtures/initial.json", *(f"{part}.py" for part in parts)}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_file_is_short_and_has_no_placeholder(text):
    assert (text.count("\n") <= MOST_LINES, "$" in text) == (True, False)


@pytest.mark.parametrize("text", PYTHON.values(), ids=PYTHON)
def test_file_is_python(text):
    ast.parse(text)


def test_fixture_names_the_model():
    assert [row["model"] for row in json.loads(FILES["fixtures/initial.json"])] == ["order_item.orderitem"]
