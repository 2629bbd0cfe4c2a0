"""States have colours, on a terminal that wants them."""

import io

import pytest
from rich.console import Console

from tasklib.core import shell


@pytest.mark.parametrize(
    ("word", "colour"),
    [("healthy", "green"), ("ok", "green"), ("starting", "yellow"), ("no answer", "red"), ("exited", "red")],
)
def test_state_has_its_colour(word, colour):
    assert shell.coloured(word).style == colour


@pytest.mark.parametrize(
    ("terminal", "variables", "marks"),
    [(True, {}, 1), (True, {"NO_COLOR": "1"}, 0), (False, {}, 0)],
    ids=["terminal", "no colour", "pipe"],
)
def test_colour_is_for_a_terminal_that_wants_it(terminal, variables, marks):
    console = Console(file=io.StringIO(), force_terminal=terminal, _environ={"TERM": "xterm", **variables})
    console.print(shell.coloured("healthy"))
    assert console.file.getvalue().count("\033[32m") == marks


@pytest.mark.parametrize(("count", "colour"), [(0, "green"), (2, "red")])
def test_failures_stand_out(count, colour):
    assert shell.failures(count).style == colour
