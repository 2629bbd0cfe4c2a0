"""System checks find before the import what cannot work."""

from typing import NamedTuple

import pytest
from django.db import models
from django.test.utils import isolate_apps

from comics import mappings
from comics.models import NewCharacter, NewPublisher, OldAppearance, OldCharacter, OldPublisher
from legacy import checks
from legacy.mapping import Mapping


class Name(NamedTuple):
    name: str


def name(name: str) -> Name:
    return Name(name)


def untyped(name):
    return name


def wrong(hero: str) -> Name:
    return Name(hero)


def ids(faults):
    return [(fault.id, fault.msg) for fault in faults]


@pytest.fixture
def models_are(monkeypatch):
    """Replace all models by these."""
    return lambda *models: monkeypatch.setattr(checks.apps, "get_models", lambda: models)


@pytest.fixture
def mappings_are(monkeypatch):
    """Replace all mappings by these."""
    return lambda *replacements: monkeypatch.setattr(mappings, "MAPPINGS", replacements)


def test_example_has_no_fault():
    assert checks.check_relations() + checks.check_managed() + checks.check_mappings() == []


@isolate_apps("comics")
def test_relation_between_databases(models_are):
    class OldHero(models.Model):  # noqa: DJ008
        publisher = models.ForeignKey(NewPublisher, models.CASCADE)

        class Meta:
            app_label = "comics"

    models_are(OldHero)
    assert ids(checks.check_relations()) == [
        ("legacy.E001", "comics.OldHero.publisher refers to NewPublisher, which is in another database")
    ]


@isolate_apps("comics")
def test_managed_old_model(models_are):
    class OldHero(models.Model):  # noqa: DJ008
        class Meta:
            app_label = "comics"

    models_are(OldHero)
    assert [fault.id for fault in checks.check_managed()] == ["legacy.E002"]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DROP TABLE publishers", ("legacy.E003", "the legacy database has no table 'publishers'")),
        ("ALTER TABLE publishers DROP city", ("legacy.E003", "'publishers' has no column 'city'")),
        ("ALTER TABLE publishers DROP CONSTRAINT publishers_pkey, ADD PRIMARY KEY (id, name)",
         ("legacy.E004", "the primary key of 'publishers' is id, name, not id")),
        ("GRANT INSERT ON publishers TO migrator", ("legacy.W007", "the role may write to 'publishers'")),
    ],
    ids=["table", "column", "key", "rights"],
)  # fmt: skip
@pytest.mark.django_db(databases=["default", "legacy"])
def test_model_differs_from_its_table(change, statement, fault):
    change(statement)
    assert ids(checks.check_tables(databases=["legacy"])) == [fault]


def test_tables_are_compared_only_for_their_database():
    assert checks.check_tables(databases=["default"]) == []


@pytest.mark.parametrize(
    ("mapping", "fault"),
    [
        (Mapping(OldPublisher, NewPublisher, wrong), "OldPublisher has no field 'hero'"),
        (Mapping(OldCharacter, NewCharacter, name), "NewCharacter has no field 'name'"),
        (
            Mapping(OldPublisher, NewPublisher, untyped),
            "untyped has no NamedTuple as the annotation of its return value",
        ),
        (Mapping(OldCharacter, NewCharacter), "the mapping does not write NewCharacter.nickname, which needs a value"),
        (Mapping(OldAppearance, NewPublisher), "the models have no field in common"),
    ],
    ids=["reads", "writes", "returns", "missing", "nothing"],
)
def test_function_that_does_not_fit(mappings_are, mapping, fault):
    mappings_are(Mapping(OldPublisher, NewPublisher), mapping)
    assert ("legacy.E005", fault) in ids(checks.check_mappings())


def test_child_before_its_parent(mappings_are):
    mappings_are(*mappings.MAPPINGS[1::-1])
    assert ids(checks.check_mappings()) == [
        ("legacy.E006", "NewCharacter refers to NewPublisher, which is imported later")
    ]
