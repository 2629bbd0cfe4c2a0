"""Log lines are shown in columns on a terminal, as JSON in a pipe."""

import sys

import pytest

from tasklib.pod import attach


def test_lines_are_objects_where_nobody_looks():
    assert attach.form() == ["--json"]


@pytest.mark.parametrize(("no_color", "expected"), [("", ["--colour"]), ("1", [])])
def test_lines_on_a_terminal_have_colours_unless_unwanted(monkeypatch, no_color, expected):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", no_color)
    assert attach.form() == expected
