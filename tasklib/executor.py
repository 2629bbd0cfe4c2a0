"""Run tasks: print warnings first, and end Ctrl-C or a failed command in one line. invoke.yaml names this executor."""

import os
import sys
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS
from typing import Any

from invoke import Executor, Exit, Task
from invoke.exceptions import UnexpectedExit

from tasklib.core import project, server_variables, shell
from tasklib.machine import doctor

FORBIDDEN, FULL = (EACCES, EPERM, EROFS), (ENOSPC, EDQUOT)


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
        except OSError as error:
            if error.errno not in (*FORBIDDEN, *FULL):
                raise
            raise Exit(unwritable(error)) from error


def unwritable(error: OSError) -> str:
    """What stands in the way of a task that writes a file, and what to do."""
    fault = f"{error.filename or 'a file'}: {error.strerror}"
    if error.errno in FULL:
        return f"{fault} - make room, then type the same again: df -h ."
    if os.access(".", os.W_OK):
        return f"{fault} - look at its owner and mode: ls -l {error.filename or ''}".rstrip()
    return f"{fault} - this checkout is another user's, or read-only; work in a copy of your own: cp -r . ~/project"
