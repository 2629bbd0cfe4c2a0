"""Queries, relations and migrations go to the right database."""

import pytest
from django.contrib.auth.models import Group
from django.db import models, router
from django.test.utils import isolate_apps

from comics.models import NewPublisher, OldCharacter, OldPublisher
from legacy.router import LegacyRouter, database_of


def make_model(name, **attributes):
    """Make a model of this name."""
    with isolate_apps("comics"):
        return type(name, (models.Model,), {"__module__": "comics.models", **attributes})


@pytest.mark.parametrize(
    ("name", "alias"), [("OldHero", "legacy"), ("NewHero", "default"), ("Older", None), ("Newsletter", None)]
)
def test_name_decides_the_database(name, alias):
    assert database_of(make_model(name)) == alias


def test_declaration_overrides_the_name():
    assert database_of(make_model("NewHero", database="legacy")) == "legacy"


@pytest.mark.parametrize("route", [router.db_for_read, router.db_for_write])
@pytest.mark.parametrize(("model", "alias"), [(OldPublisher, "legacy"), (NewPublisher, "default"), (Group, "default")])
def test_queries_use_the_database_of_the_model(route, model, alias):
    assert route(model) == alias


@pytest.mark.parametrize(
    ("model", "other", "allowed"),
    [
        (OldPublisher, OldCharacter, True),
        (OldPublisher, NewPublisher, False),
        (OldPublisher, Group, False),
        (NewPublisher, Group, None),
    ],
    ids=["both-old", "old-and-new", "old-and-other", "both-new"],
)  # fmt: skip
def test_relations_stay_within_a_database(model, other, allowed):
    assert LegacyRouter().allow_relation(model(), other()) is allowed


@pytest.mark.parametrize(
    ("alias", "model", "allowed"),
    [
        ("legacy", OldPublisher, False),
        ("legacy", NewPublisher, False),
        ("default", OldPublisher, False),
        ("default", NewPublisher, True),
    ],
)  # fmt: skip
def test_migrations_make_new_tables_only(alias, model, allowed):
    assert router.allow_migrate_model(alias, model) is allowed
