"""A loss is announced, and needs consent: by a word on a terminal, by --yes elsewhere."""

import io

import pytest
from invoke import Config, Exit, MockContext

from tasklib.volumes import consent

LOSSES = ["volume x-db-data, 48 MB"]


@pytest.fixture
def terminal(monkeypatch):
    """A terminal on which somebody types a word."""

    def types(word):
        monkeypatch.setattr(consent.shell, "is_terminal", lambda: True)
        monkeypatch.setattr("builtins.input", lambda _: word)

    return types


def test_without_a_terminal_it_needs_the_option(capsys):
    with pytest.raises(Exit, match=r"nothing was deleted, .+, add: --yes"):
        consent.require(MockContext(), False, LOSSES)
    assert LOSSES[0] in capsys.readouterr().out


def test_option_is_consent(capsys):
    consent.require(MockContext(), True, LOSSES)
    assert LOSSES[0] in capsys.readouterr().out


def test_yes_on_a_terminal_is_consent(terminal):
    terminal("yes")
    consent.require(MockContext(), False, LOSSES)


@pytest.mark.parametrize("word", ["", "no", "y"])
def test_other_word_is_a_refusal(terminal, word):
    terminal(word)
    with pytest.raises(Exit, match="nothing was deleted"):
        consent.require(MockContext(), False, LOSSES)


def test_end_of_input_is_a_refusal(monkeypatch):
    monkeypatch.setattr(consent.shell, "is_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(Exit, match="nothing was deleted"):
        consent.require(MockContext(), False, LOSSES)


def test_dry_run_only_lists(capsys):
    consent.require(MockContext(Config({"run": {"dry": True}})), False, LOSSES)
    assert LOSSES[0] in capsys.readouterr().out


def test_nothing_to_lose_needs_no_consent(capsys):
    consent.require(MockContext(), False, [])
    assert capsys.readouterr().out == ""
