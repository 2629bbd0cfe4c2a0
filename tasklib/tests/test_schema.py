"""What the server says of its database; the answers are given here."""

import json

import pytest

from tasklib import schema

UP, DOWN = {"status": "up"}, {"status": "down"}


@pytest.mark.parametrize(
    ("found", "ready", "behind"),
    [
        ({"database": UP, "schema": UP}, True, False),
        ({"database": UP, "schema": DOWN}, False, True),
        ({"database": DOWN, "schema": DOWN}, False, False),
        ({}, False, False),
    ],
    ids=["ready", "older", "away", "no answer"],
)
def test_state_of_the_tables(found, ready, behind):
    assert (schema.is_ready(found), schema.is_behind(found)) == (ready, behind)


def test_newer_tables_are_ready():
    found = {"database": UP, "schema": UP | {"newer": True}}
    assert (schema.is_ready(found), schema.is_newer(found)) == (True, True)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"status": 502}'])
def test_answer_of_another_has_no_parts(body):
    assert schema.read(body) == {}


def test_answer_of_the_server_has_its_parts():
    assert schema.read(json.dumps({"parts": {"database": UP}}).encode()) == {"database": UP}
