"""Tasks that take one bare word: `inv build server`."""

import sys
from typing import Any

from invoke import Argument, Task

from tasklib.project import IMAGES, SERVICES


class NamedTask(Task[Any]):
    """A task whose argument `name` may follow it as a bare word, or be left out.

    Invoke knows bare words only where they are required: https://github.com/pyinvoke/invoke/issues/159
    """

    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:
        self.positional = ["name"] if is_named(self.name, sys.argv) else []
        return super().get_arguments(ignore_unknown_help)


def is_named(task: str, words: list[str]) -> bool:
    """Whether the name of an image or a container stands right behind the task's own."""
    pairs = zip(words, words[1:], strict=False)
    return any(first == task and second in {*IMAGES, *SERVICES} for first, second in pairs)
