"""Lists in sources, edited by item."""

import pytest
from invoke import Exit

from tasklib.ownership import sources

TEXT = """from b import c

# Of the project.
APPS = [
    *(A if B else []),
    "one",  # first
    "two.apps.Two",
    path("two/", include("two.urls")),
    *OTHERS,
]
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file.py"
    path.write_text(TEXT)
    return path


def test_item_is_added_before_what_follows(file):
    expected = TEXT.replace("    *OTHERS", '    "three",\n    *OTHERS')
    assert sources.with_item(file, "APPS", '"three"') == expected


def test_items_of_an_application_are_removed(file):
    expected = TEXT.replace('    "two.apps.Two",\n    path("two/", include("two.urls")),\n', "")
    assert sources.without_items(file, "APPS", "two") == expected


def test_unknown_application_removes_nothing(file):
    assert sources.without_items(file, "APPS", "tw") == TEXT


def test_item_that_shares_its_line_is_refused(file):
    with pytest.raises(Exit, match=r"file.py:6 holds more than an item of APPS - give the item a line of its own"):
        sources.without_items(file, "APPS", "one")


@pytest.mark.parametrize(
    ("text", "reason"),
    [("APPS = (1,)", "has no list APPS"), ("APPS = [", "cannot be read: "), ("APPS = []", "has no item in APPS")],
)
def test_list_that_is_not_there_is_told(file, text, reason):
    file.write_text(text)
    with pytest.raises(Exit, match=reason):
        sources.with_item(file, "APPS", '"three"')


@pytest.mark.parametrize(
    "text",
    [
        "import two",
        "import one, two.models",
        "from two import a",
        "from two.models import A",
        "if a:\n    from two import b",
    ],
)
def test_import_of_an_application_is_found(file, text):
    file.write_text(text)
    assert len(sources.imports(file, "two")) == 1


@pytest.mark.parametrize("text", ["import twofold", "from . import two", "from one import two", 'a = ("two", "b")'])
def test_other_import_is_not_taken_for_one(file, text):
    file.write_text(text)
    assert sources.imports(file, "two") == []


def test_migration_that_depends_on_an_application_is_found(tmp_path):
    path = tmp_path / "migrations" / "0001_initial.py"
    path.parent.mkdir()
    path.write_text('class Migration:\n    dependencies = [("two", "0001_initial")]\n')
    assert sources.imports(path, "two") == [2]
