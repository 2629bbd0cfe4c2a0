"""Words behind a task, and words in one option."""

from types import SimpleNamespace

import pytest
from invoke import Argument, Exit

from tasklib.core import menu

ARGUMENTS = [Argument("name"), Argument(names=("lines", "l"), kind=int), Argument("follow", kind=bool)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("logs db", ["db"]),
        ("logs --follow db", ["db"]),
        ("logs --lines 3 db", ["db"]),
        ("logs -l 3 db", ["db"]),
        ("logs --lines=3 db", ["db"]),
        ("doctor logs db up", ["db", "up"]),
        ("logs --name db", []),
        ("logs", []),
        ("up db", []),
    ],
)
def test_bare_words_are_neither_options_nor_their_values(line, words):
    assert list(menu.bare_words("logs", ["inv", *line.split()], ARGUMENTS)) == words


@menu.task(klass=menu.NamedTask)
def build(_c, name=None):
    """Take a name."""


@pytest.mark.parametrize(
    ("line", "positional"), [("build test", ["name"]), ("build up", []), ("build sever", ["name"])]
)
def test_image_goes_before_a_task_of_the_same_name(monkeypatch, line, positional):
    monkeypatch.setattr(menu.sys, "argv", ["inv", *line.split()])
    monkeypatch.setattr(menu.NamedTask, "menu", SimpleNamespace(task_names={"test": [], "up": []}))
    build.get_arguments()
    assert build.positional == positional


def test_words_of_an_option_may_have_blanks():
    assert menu.split("-k 'one or two'") == ["-k", "one or two"]


def test_open_quote_is_named():
    with pytest.raises(Exit, match="whose quote is left open - quote inside quotes: --args"):
        menu.split("create_user O'Brien")


def test_number_below_the_least_is_named():
    with pytest.raises(Exit, match="--limit is -1 - use 0 or more: --limit 1"):
        menu.require_at_least(0, "--limit", -1)


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("x.zip", "docs/x.zip"),
        ("../x.zip", "docs/../x.zip"),
        ("backups/x.zip", "docs/backups/x.zip"),
        ("backups/there.zip", "backups/there.zip"),
        ("/mnt/x.zip", "/mnt/x.zip"),
        ("~/x.zip", "/home/anna/x.zip"),
    ],
)
def test_path_begins_where_the_task_is_typed(tmp_path, monkeypatch, typed, path):
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups/there.zip").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(menu, "CALLER", tmp_path / "docs")
    monkeypatch.setenv("HOME", "/home/anna")
    assert str(menu.given_path(typed)) == path
