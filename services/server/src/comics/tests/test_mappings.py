"""The functions of the example's mappings."""

from datetime import UTC, datetime

import pytest

from comics.mappings import Alias, Appearance, Character, alias, appearance, character
from legacy.values import Reject

NAIVE = datetime(2001, 2, 3, 4, 5, 6)  # noqa: DTZ001 - as in the legacy table
MOMENT = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_name_becomes_nickname_and_secret_identity():
    assert character(1, "Hulk (Bruce Banner)", 2, NAIVE) == Character(1, "Hulk", "Bruce Banner", 2, MOMENT)


@pytest.mark.parametrize("publisher", [0, None], ids=["zero", "null"])
def test_character_without_publisher(publisher):
    assert character(1, "Odin", publisher, NAIVE) == Character(1, "Odin", "", None, MOMENT)


@pytest.mark.parametrize("name", ["", "\0", " (Nobody)"], ids=["empty", "nul", "no-nickname"])
def test_character_without_name_is_rejected(name):
    with pytest.raises(Reject, match="no name"):
        character(1, name, 1, NAIVE)


def test_appearance_is_unchanged():
    assert appearance(1, 2) == Appearance(1, 2)


def test_alias_is_stripped():
    assert alias(1, 2, " Kal-El ") == Alias(1, 2, "Kal-El")
