"""Models to begin with."""

import re

import pytest
from django.core.management import call_command

from legacy.naming import model_name, singular

pytestmark = pytest.mark.django_db(databases=["default", "legacy"])
NAMES = {
    "publishers": "publisher", "categories": "category", "boxes": "box", "addresses": "address", "people": "person",
    "comic_people": "comic_person", "statuses": "status", "houses": "house", "news": "news", "staff": "staff",
    "address": "address",
}  # fmt: skip


@pytest.fixture
def written(change, capsys):
    """The models of the example's tables, and of Rails' own, as a module."""
    change("CREATE TABLE schema_migrations (version varchar PRIMARY KEY)")
    call_command("inspectlegacy")
    return capsys.readouterr().out


@pytest.mark.parametrize(("many", "one"), NAMES.items())
def test_singular(many, one):
    assert singular(many) == one


def test_model_of_several_words():
    assert model_name("comic_publishers") == "ComicPublisher"


def test_modules_are_python(written):
    compile(written, "models.py", "exec")


def test_old_model_is_as_the_table_is(written):
    model = written.partition("class OldCharacter(")[2].partition("class ")[0]
    assert "    publisher_id = models.IntegerField(blank=True, null=True)\n" in model
    assert "db_table = 'characters'" in written.partition("class OldCharacter(")[2]


def test_integer_that_looks_like_it_is_proposed_as_a_foreign_key(written):
    line = 'publisher = models.ForeignKey("NewPublisher", models.PROTECT, blank=True, null=True)'
    assert f"    {line}  # proposed, by its name\n" in written.partition("class NewCharacter(")[2]


def test_composite_key_is_declared_and_dissolved(written):
    assert "    pk = models.CompositePrimaryKey('character_id', 'issue')" in written.partition("class New")[0]
    assert "# Together they were the key" in written.partition("class NewAppearance(")[2]


def test_new_model_has_a_table_of_its_own(written):
    assert "managed = False" not in written.partition("class New")[2]


def test_tables_of_rails_are_left_out(written):
    assert "Schema" not in written


def test_mappings_are_in_order(written):
    assert re.findall(r"models\.New(\w+)\)", written) == ["Publisher", "Character", "Alias", "Appearance"]
