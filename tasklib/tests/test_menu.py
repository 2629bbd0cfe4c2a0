"""Bare words behind a task."""

import pytest

from tasklib.menu import is_named


@pytest.mark.parametrize("line", ["build log", "build --no-cache log", "doctor build log", "build log up"])
def test_name_behind_its_task(line):
    assert is_named("build", ["inv", *line.split()])


@pytest.mark.parametrize("line", ["build", "build up", "build up log", "build --no-cache", "test", "logs server"])
def test_no_name_behind_the_task(line):
    assert not is_named("build", ["inv", *line.split()])
