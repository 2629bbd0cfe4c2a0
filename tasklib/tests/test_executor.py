"""A task that fails ends with one line."""

import pytest
from invoke import Collection, Config, Exit, MockContext, Result, task

from tasklib.core import shell
from tasklib.executor import Menu


def fails(**options):
    """The end of a task whose one command fails."""

    @task(name="fails")
    def body(_c):
        shell.run(MockContext(run=Result(stderr="a reason\n", exited=125)), ["podman", "info"], **options)

    with pytest.raises(Exit) as end:
        Menu(Collection(body), Config()).execute("fails")
    return end.value


def test_a_quiet_command_that_fails_has_its_words_shown():
    assert (fails(quiet=True).message, fails(quiet=True).code) == ("a reason", 125)


def test_words_that_were_shown_are_not_shown_again():
    assert not fails().message
