"""Each model is in its database."""

import pytest
from django.db import models, router
from django.test.utils import isolate_apps

from comics.models import NewPublisher, OldCharacter, OldPublisher
from legacy.router import LegacyRouter, database_of
from tweet.models import Tweet


def made(name, **attributes):
    """A model of this name."""
    with isolate_apps("comics"):
        return type(name, (models.Model,), {"__module__": "comics.models", **attributes})


@pytest.mark.parametrize(
    ("name", "alias"), [("OldHero", "legacy"), ("NewHero", "default"), ("Older", None), ("Newsletter", None)]
)
def test_name_tells_the_database(name, alias):
    assert database_of(made(name)) == alias


def test_declaration_comes_before_the_name():
    assert database_of(made("NewHero", database="legacy")) == "legacy"


@pytest.mark.parametrize("question", [router.db_for_read, router.db_for_write])
@pytest.mark.parametrize(("model", "alias"), [(OldPublisher, "legacy"), (NewPublisher, "default"), (Tweet, "default")])
def test_queries_go_to_the_database(question, model, alias):
    assert question(model) == alias


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (OldPublisher, OldCharacter, True),
        (OldPublisher, NewPublisher, False),
        (OldPublisher, Tweet, False),
        (NewPublisher, Tweet, None),
    ],
    ids=["both-old", "old-and-new", "old-and-other", "both-new"],
)  # fmt: skip
def test_relations_stay_within_a_database(one, other, answer):
    assert LegacyRouter().allow_relation(one(), other()) is answer


@pytest.mark.parametrize(
    ("alias", "model", "answer"),
    [
        ("legacy", OldPublisher, False),
        ("legacy", NewPublisher, False),
        ("default", OldPublisher, False),
        ("default", NewPublisher, True),
    ],
)  # fmt: skip
def test_migrations_make_new_tables_only(alias, model, answer):
    assert router.allow_migrate_model(alias, model) is answer
