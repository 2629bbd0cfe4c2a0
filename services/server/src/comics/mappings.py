"""The mappings of the example, in an order in which each table follows those that it refers to."""

from datetime import datetime
from typing import NamedTuple

from comics import models
from legacy.mapping import Mapping
from legacy.values import Reject, aware, text


class Character(NamedTuple):
    pk: int
    nickname: str
    secret_identity: str
    publisher_id: int | None
    created: datetime


def character(pk: int, name: str, publisher_id: int | None, created_at: datetime) -> Character:
    """Split `Superman (Clark Kent)` into its two names; publisher 0 means none. Raises Reject without a name."""
    nickname, _, rest = text(name).partition(" (")
    if not nickname:
        raise Reject("no name")
    return Character(pk, nickname, rest.removesuffix(")"), publisher_id or None, aware(created_at))


class Appearance(NamedTuple):
    character_id: int
    issue: int


def appearance(character_id: int, issue: int) -> Appearance:
    """Keep both values; the database generates the new key."""
    return Appearance(character_id, issue)


class Alias(NamedTuple):
    pk: int
    character_id: int
    name: str


def alias(pk: int, character_id: int, name: str) -> Alias:
    """Strip the name: the source has names that differ only in blanks."""
    return Alias(pk, character_id, text(name).strip())


MAPPINGS = [
    Mapping(models.OldPublisher, models.NewPublisher),
    Mapping(models.OldCharacter, models.NewCharacter, character, nullify=("publisher",)),
    Mapping(models.OldAppearance, models.NewAppearance, appearance),
    Mapping(models.OldAlias, models.NewAlias, alias),
]
