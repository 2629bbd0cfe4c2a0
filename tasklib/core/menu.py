"""Tasks whose command lines are checked: wrong numbers and open quotes are one line, a bare word may name a service."""

import contextlib
import functools
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import invoke
from invoke import Argument, Collection, Exit, ParseError, Task

from tasklib.core import project
from tasklib.core.services import IMAGES
from tasklib.core.shell import Words

# The tasks that stop or start the pod.
EXCLUSIVE = ("up", "down", "restart", "fresh", "clean", "restore", "recover", "upgrade")
# Where the task was typed: tasks.py changes to the top of the project after this.
CALLER = Path.cwd()


def given_path(text: str) -> Path:
    """A path as its caller means it: from the folder where the task was typed, or as tasks print it, from the top."""
    top, path = Path.cwd(), CALLER / Path(text).expanduser()
    if not path.exists() and (top / text).exists():
        return Path(text)
    return path.relative_to(top) if path.is_relative_to(top) else path


class CheckedArgument(Argument):
    """An argument that ends a call in one line where its value is not a number; Invoke's own ends in a traceback."""

    def set_value(self, value: Any, cast: bool = True) -> None:
        try:
            super().set_value(value, cast)
        except ValueError as error:
            raise ParseError(f"{self!r} is '{value}' instead of a whole number") from error

    def __repr__(self) -> str:
        """The argument as it is typed: Invoke's messages have it."""
        return flag(str(self.name))


class MenuTask(Task[Any]):
    """A task of the menu."""

    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:
        texts = dict(self.help)
        arguments: list[Argument] = super().get_arguments(ignore_unknown_help)
        self.help = texts  # Invoke takes each text out, and would have none at the next look
        for argument in arguments:
            argument.__class__ = CheckedArgument
        return arguments

    def __call__(self, c: Any, *args: Any, **kwargs: Any) -> Any:
        """Run the task; one that stops or starts the pod waits until no other does."""
        is_alone = self.name in EXCLUSIVE and not c.config.run.dry
        with project.turn(project.pod_name()) if is_alone else contextlib.nullcontext():
            return super().__call__(c, *args, **kwargs)


class NamedTask(MenuTask):
    """A task whose argument `name` may follow it as a bare word, or be left out.

    Invoke knows bare words only where they are required: https://github.com/pyinvoke/invoke/issues/159
    """

    menu = Collection()  # whose tasks are not names, unless an image has the same; the task file sets it

    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:
        self.positional = []
        arguments = super().get_arguments(ignore_unknown_help)
        word = next(bare_words(self.name, sys.argv, arguments), None)
        # `inv build test` builds the image of that name.
        if word is None or (word in names(self.menu) and word not in IMAGES):
            return arguments
        self.positional = ["name"]
        return super().get_arguments(ignore_unknown_help)


def names(menu: Collection) -> set[str]:
    """Every word that may be typed as a task."""
    return {name for primary, others in menu.task_names.items() for name in (primary, *others)}


def bare_words(task: str, words: Sequence[str], arguments: Iterable[Argument]) -> Iterator[str]:
    """The words behind a task that are neither options nor the values of options."""
    with_value = {flag(name) for argument in arguments if argument.takes_value for name in argument.names}
    behind = iter(words[words.index(task) + 1 :] if task in words else [])
    for word in behind:
        if word in with_value:
            next(behind, None)
        elif not word.startswith("-"):
            yield word


def flag(name: str) -> str:
    """An argument's name as it is typed."""
    return f"-{name}" if len(name) == 1 else f"--{name.replace('_', '-')}"


def split(args: str) -> Words:
    """The words of an option that holds several. Raises Exit where a quote is left open."""
    try:
        return shlex.split(args)
    except ValueError as error:
        example = "--args '-k \"one or two\"'"
        raise Exit(f"--args is {args!r}, whose quote is left open - quote inside quotes: {example}") from error


def require_at_least(least: int, option: str, number: int) -> None:
    """Raise Exit for a number below the least that an option takes."""
    if number < least:
        raise Exit(f"{option} is {number} - use {least} or more: {option} {max(least, 1)}")


task = functools.partial(invoke.task, klass=MenuTask)
