"""How tasks are called and end: `inv build server` takes one bare word, Ctrl-C says one line."""

import itertools
import os
import sys
from typing import Any

from invoke import Argument, Executor, Exit, Task
from invoke.exceptions import UnexpectedExit

from tasklib.core import shell
from tasklib.core.services import IMAGES
from tasklib.machine import doctor


class NamedTask(Task[Any]):
    """A task whose argument `name` may follow it as a bare word, or be left out.

    Invoke knows bare words only where they are required: https://github.com/pyinvoke/invoke/issues/159
    """

    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:
        self.positional = ["name"] if is_named(self.name, sys.argv) else []
        return super().get_arguments(ignore_unknown_help)


def is_named(task: str, words: list[str]) -> bool:
    """Whether the first word behind the task's own, its flags left out, is the name of an image or a container."""
    _, *behind = itertools.dropwhile(lambda word: word != task, [*words, task])
    bare = (word for word in behind if not word.startswith("-"))
    return next(bare, None) in IMAGES


class Menu(Executor):
    """Runs tasks; invoke.yaml names it."""

    def execute(self, *tasks: Any) -> dict[Task[Any], Any]:
        """Run them as Invoke does. Raises Exit for Ctrl-C, with a shell's code, and with what a failed command said."""
        # On some machines Podman would else warn at each call.
        os.environ.update(doctor.environment())
        try:
            return super().execute(*tasks)
        except UnexpectedExit as error:
            unseen = error.result.stderr if error.result.hide else ""
            raise Exit(shell.last_lines(unseen) or None, error.result.exited) from error
        except KeyboardInterrupt:
            raise Exit("\nended by Ctrl-C; what was half-made is gone - type the same again to go on", 130) from None
