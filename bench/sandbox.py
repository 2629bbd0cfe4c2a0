"""A throw-away copy of the project with a pod of its own, in which tasks run as a person types them."""

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

from invoke import Context, Exit
from rich.console import Console
from rich.status import Status

from bench import processes
from tasklib.core import podman, server_variables, shell
from tasklib.core.project import BUILD, UNLIMITED, Project
from tasklib.core.services import every_image
from tasklib.images import store
from tasklib.images.extra import Extra
from tasklib.ownership import sources

# The server image with other servers of the same application, and a client.
BENCH = Extra("bench", "bench/Containerfile", {"SERVER": "server", "WHEELS": "wheels"}, "bench.build")
APPLICATION = "bench_message"  # the name of bench/message in the copy
RESOURCE = f"/{APPLICATION}/"
LEFT_OUT = shutil.ignore_patterns(".venv", str(BUILD), "backups", "env", "__pycache__", ".*_cache", ".coverage")
TASK_SECONDS = 600.0
PORT_OFFSET = 2000  # of the copy's pod, from the project's own
console = Console(highlight=False)


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
                process.wait()  # Ctrl-C reaches the task as well, which then cleans up
            output.seek(0)
            if process.returncode:
                print(shell.last_lines(output.read()))
                raise Exit(f"this failed in a copy of the project (above: why) - try it here: inv {' '.join(words)}")

    def seconds(self, *words: str) -> float:
        """Run a task; return how long it took."""
        start = time.monotonic()
        with self.task(*words):
            pass
        return time.monotonic() - start

    def seconds_until(self, condition: Callable[[], bool], *words: str) -> float:
        """Run a task; return how long it took until the condition held. Raises Exit if the task ends before."""
        start = time.monotonic()
        with self.task(*words) as process:
            end = processes.moment(lambda: condition() or process.poll() is not None, f"inv {words[0]}", TASK_SECONDS)
        if not condition():
            raise Exit(f"inv {words[0]} ended before the expected answer came - look at it: inv logs")
        return end - start

    def start(self) -> None:
        """Start the pod, and build the bench image, which sends requests to it. Raises Exit."""
        self.seconds("build", "--no-tests")
        self.seconds(BENCH.task)
        self.seconds("up")

    def environment(self) -> dict[str, str]:
        """The variables that point the tasks to this copy; git, which may share its folder with the original, only
        reads."""
        return os.environ | {
            "INVOKE_NAME": self.project.name,
            "INVOKE_PORT_OFFSET": str(self.project.port_offset),
            "INVOKE_IMAGES": self.project.images,
            "GIT_OPTIONAL_LOCKS": "0",
        }


def add_resource(copy: Path) -> None:
    """Add the benchmark's own resource to a copy of the project, below RESOURCE."""
    shutil.copytree("bench/message", copy / sources.SOURCE / APPLICATION)
    for path, name, item in [
        (copy / sources.SETTINGS, "INSTALLED_APPS", f'"{APPLICATION}"'),
        (copy / sources.URLS, "urlpatterns", f'path("{APPLICATION}/", include("{APPLICATION}.urls"))'),
    ]:
        path.write_text(sources.with_item(path, name, item))


@contextmanager
def opened(project: Project, suffix: str, port_offset: int) -> Iterator[Sandbox]:
    """A copy that grows from the same Debian; all that it makes is removed at the end, whatever happens."""
    with shell.ended_in_order(), tempfile.TemporaryDirectory(prefix=f"{project.name}-{suffix}-") as folder:
        copy = Path(folder, "copy")
        shutil.copytree(".", copy, ignore=LEFT_OUT, symlinks=True)
        add_resource(copy)
        sandbox = Sandbox(copy, replace(project.copy(suffix, port_offset, UNLIMITED), images=""))
        variables = server_variables.file(sandbox.project.name)
        shell.write(copy / variables, server_variables.text(sandbox.project.variables))
        try:
            sandbox.seconds("clean", "--data", "--yes")  # the leftovers of a run that was killed
            shell.capture(podman.tag(project.image("debian"), sandbox.project.image("debian")))
            yield sandbox
        finally:
            sandbox.seconds("clean", "--data", "--yes")


def measure(c: Context, project: Project, *subjects: Callable[[Sandbox, Status], None]) -> None:
    """Let each subject measure and print its figures in one copy of the project. Raises Exit."""
    store.require_images(project, every_image())
    if c.config.run.dry:
        return
    with opened(project, "bench", PORT_OFFSET) as sandbox, console.status("bench: building a copy") as status:
        for subject in subjects:
            subject(sandbox, status)
