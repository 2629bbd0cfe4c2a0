"""Run tasks: print warnings first, and end Ctrl-C or a failed command in one line. invoke.yaml names this executor."""

import os
import sys
from typing import Any

from invoke import Executor, Exit, Task
from invoke.exceptions import UnexpectedExit

from tasklib.core import project, server_variables, shell
from tasklib.machine import doctor


class Menu(Executor):
    """Runs tasks."""

    def execute(self, *tasks: Any) -> dict[Task[Any], Any]:
        """Run them as Invoke does. Raises Exit for Ctrl-C, with a shell's code, and with what a failed command said."""
        # On some machines Podman would else warn at each call.
        os.environ.update(doctor.environment())
        for name, known in server_variables.ignored(os.environ):
            file = server_variables.file(project.pod_name())
            print(f"{name} does not reach the server - write it into {file}: {known}=...", file=sys.stderr)
        try:
            return super().execute(*tasks)
        except UnexpectedExit as error:
            unseen = error.result.stderr if error.result.hide else ""
            raise Exit(shell.last_lines(unseen) or None, error.result.exited) from error
        except KeyboardInterrupt:
            raise Exit("\nended by Ctrl-C; what was half-made is gone - type the same again to go on", 130) from None
