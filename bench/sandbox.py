"""A throw-away copy of the project and a pod of its own, in which tasks run as a person types them."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from invoke import Exit

from bench import processes
from tasklib.core import podman, shell
from tasklib.core.project import BENCH, BUILD, UNLIMITED, Project

LEFT_OUT = shutil.ignore_patterns(".venv", str(BUILD), "backups", "__pycache__", ".*_cache", ".coverage")
TASK_SECONDS = 600.0


@dataclass
class Sandbox:
    """A copy of the files, and the names of its pod and images."""

    folder: Path
    project: Project

    def url(self, path: str) -> str:
        return f"{self.project.url('server')}{path}"

    @contextmanager
    def task(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a task beside the caller and wait for its end. Raises Exit when it fails."""
        with tempfile.TemporaryFile("w+") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "invoke", *words], cwd=self.folder, env=self.environment(),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
            try:
                yield process
            finally:
                process.wait()  # Ctrl-C reaches the task as well, which removes what it has half made
            output.seek(0)
            if process.returncode:
                print(shell.last_lines(output.read()))
                raise Exit(f"in a copy of the project this failed (above: why) - try it here: inv {' '.join(words)}")

    def seconds(self, *words: str) -> float:
        """Run a task; return how long it took."""
        start = time.monotonic()
        with self.task(*words):
            pass
        return time.monotonic() - start

    def seconds_until(self, condition: Callable[[], bool], *words: str) -> float:
        """Run a task; return how long it took until the condition held. Raises Exit where it ends without."""
        start = time.monotonic()
        with self.task(*words) as process:
            end = processes.moment(lambda: condition() or process.poll() is not None, f"inv {words[0]}", TASK_SECONDS)
        if not condition():
            raise Exit(f"inv {words[0]} ended without the answer that was waited for - look at it: inv logs")
        return end - start

    def start(self) -> None:
        """Start the pod, with the image of those that ask it. Raises Exit."""
        self.seconds("build", "--no-tests")
        self.seconds("build", BENCH)
        self.seconds("up")

    def environment(self) -> dict[str, str]:
        """What makes the tasks work on this copy; git, which may share its folder with the original, only reads."""
        return os.environ | {
            "INVOKE_NAME": self.project.name,
            "INVOKE_PORT_OFFSET": str(self.project.port_offset),
            "INVOKE_IMAGES": self.project.images,
            "INVOKE_SERVER_ENV": self.project.variables,
            "GIT_OPTIONAL_LOCKS": "0",
        }


@contextmanager
def opened(project: Project, suffix: str, port_offset: int) -> Iterator[Sandbox]:
    """A copy that grows from the same Debian; all that it has made is removed at the end, whatever happens."""
    with shell.ended_in_order(), tempfile.TemporaryDirectory(prefix=f"{project.name}-{suffix}-") as folder:
        copy = Path(folder, "copy")
        shutil.copytree(".", copy, ignore=LEFT_OUT, symlinks=True)
        sandbox = Sandbox(copy, replace(project.copy(suffix, port_offset, UNLIMITED), images=""))
        try:
            sandbox.seconds("clean", "--data")  # what a run that was killed has left
            shell.ask(podman.tag(project.image("debian"), sandbox.project.image("debian")))
            yield sandbox
        finally:
            sandbox.seconds("clean", "--data")
