"""The first version of models and mappings that `inspectlegacy` writes."""

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
def output(change, capsys):
    """The models of the example's tables; the legacy database also has a table of Rails itself."""
    change("CREATE TABLE schema_migrations (version varchar PRIMARY KEY)")
    call_command("inspectlegacy")
    return capsys.readouterr().out


@pytest.mark.parametrize(("plural", "word"), NAMES.items())
def test_singular(plural, word):
    assert singular(plural) == word


def test_model_of_several_words():
    assert model_name("comic_publishers") == "ComicPublisher"


def test_output_is_valid_python(output):
    compile(output, "models.py", "exec")


def test_old_model_has_the_columns_of_its_table(output):
    model = output.partition("class OldCharacter(")[2].partition("class ")[0]
    assert "    publisher_id = models.IntegerField(blank=True, null=True)\n" in model
    assert "db_table = 'characters'" in output.partition("class OldCharacter(")[2]


def test_integer_with_the_name_of_a_table_becomes_a_foreign_key(output):
    line = 'publisher = models.ForeignKey("NewPublisher", models.PROTECT, blank=True, null=True)'
    assert f"    {line}  # guessed from its name\n" in output.partition("class NewCharacter(")[2]


def test_composite_key_is_only_in_the_old_model(output):
    assert "    pk = models.CompositePrimaryKey('character_id', 'issue')" in output.partition("class New")[0]
    assert "# These were the composite key" in output.partition("class NewAppearance(")[2]


def test_new_model_is_managed(output):
    assert "managed = False" not in output.partition("class New")[2]


def test_tables_of_rails_are_left_out(output):
    assert "Schema" not in output


def test_mappings_list_parents_first(output):
    assert re.findall(r"models\.New(\w+)\)", output) == ["Publisher", "Character", "Alias", "Appearance"]
