"""The inventory of a database, parsed from psql's output."""

import json

import pytest
from invoke import Exit

from tasklib.database import inventory
from tasklib.database.inventory import Content, Table

LINES = [
    '{"time": "2026-11-25T03:00:00+00:00", "postgres": 17, "snapshot": "4-A-1"}',
    '{"migrations": ["shop.0001_initial"]}',
    '{"hash": "5", "rows": 2, "table": "public.shop_item"}',
    '{"end": true}',
]
FOUND = Content(17, ["shop.0001_initial"], {"public.shop_item": Table(2, "5")})


def test_content_is_gathered_to_the_end():
    found, facts = inventory.gather([*LINES, "not read any more"])
    assert (found, facts["snapshot"]) == (FOUND, "4-A-1")


def test_missing_end_is_told():
    with pytest.raises(Exit, match="was not read to its end"):
        inventory.gather(LINES[:-1])


def test_content_survives_json():
    assert inventory.from_json(json.loads(json.dumps(FOUND.as_json()))) == FOUND


@pytest.mark.parametrize(
    ("migrations", "tables", "told"),
    [
        (FOUND.migrations, {"public.shop_item": Table(2, "5")}, []),
        ([], {"public.shop_item": Table(2, "5")}, ["migration shop.0001_initial is missing"]),
        (FOUND.migrations, {}, ["table public.shop_item is missing"]),
        (FOUND.migrations, {"public.shop_item": Table(1, "5")}, ["table public.shop_item has 1 rows instead of 2"]),
        (FOUND.migrations, {"public.shop_item": Table(2, "6")}, ["table public.shop_item has other rows"]),
        (FOUND.migrations, FOUND.tables | {"public.x": Table(0, "0")}, ["table public.x is new"]),
    ],
)  # fmt: skip
def test_differences_are_told(migrations, tables, told):
    assert inventory.differences(FOUND, Content(17, migrations, tables)) == told


def test_psql_prints_bare_values():
    assert inventory.psql("shop-db") == [
        *("podman", "exec", "--interactive", "shop-db", "psql", "--no-psqlrc", "--quiet", "--no-align"),
        *("--tuples-only", "--username=backup", "--dbname=service"),
    ]
