"""A throw-away copy of the project and a pod of its own, in which tasks run as a person types them."""

import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from invoke import Exit

from tasklib import podman, processes, shell
from tasklib.project import BUILD, Project

LEFT_OUT = shutil.ignore_patterns(".venv", str(BUILD), "__pycache__", ".*_cache", ".coverage")
TASK_SECONDS = 600.0


@dataclass
class Sandbox:
    """A copy of the files, and the names of its pod and images.

    `foreign` are the images that Podman had before, `layers` those that builds of the copy have made.
    """

    folder: Path
    project: Project
    foreign: set[str]
    layers: list[str] = field(default_factory=list)

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
                self.note_layers()
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

    def note_layers(self) -> None:
        """Remember what builds have made, to remove it at the end."""
        for log in (self.folder / BUILD / "log").glob("*.txt"):
            known = self.foreign.union(self.layers)
            self.layers += [layer for layer in new_layers(log.read_text()) if layer not in known]

    def environment(self) -> dict[str, str]:
        """What makes the tasks work on this copy; git, which may share its folder with the original, only reads."""
        return os.environ | {
            "INVOKE_NAME": self.project.name,
            "INVOKE_PORT_OFFSET": str(self.project.port_offset),
            "INVOKE_IMAGES": self.project.images,
            "GIT_OPTIONAL_LOCKS": "0",
        }


@contextmanager
def ended_in_order() -> Iterator[None]:
    """SIGTERM ends the program as Ctrl-C does, with all that is to be done at the end."""
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def opened(project: Project, suffix: str, port_offset: int) -> Iterator[Sandbox]:
    """A copy that grows from the same Debian; all that it has made is removed at the end, whatever happens."""
    with ended_in_order(), tempfile.TemporaryDirectory(prefix=f"{project.name}-{suffix}-") as folder:
        copy = Path(folder, "copy")
        shutil.copytree(".", copy, ignore=LEFT_OUT, symlinks=True)
        foreign = set(shell.ask(podman.image_list()).stdout.split())
        sandbox = Sandbox(copy, replace(project.copy(suffix, port_offset), images=""), foreign)
        try:
            sandbox.seconds("clean", "--data")  # what a run that was killed has left
            shell.ask(podman.tag(project.image("debian"), sandbox.project.image("debian")))
            yield sandbox
        finally:
            sandbox.seconds("clean", "--data")
            shell.ask(podman.image_rm(*reversed(sandbox.layers)))


def new_layers(log: str) -> list[str]:
    """The images that a build names, the oldest first, without those that it took from the cache."""
    found = set(re.findall(r"^--> Using cache ([0-9a-f]{12})", log, flags=re.MULTILINE))
    return [layer for layer in re.findall(r"^--> ([0-9a-f]{12})$", log, flags=re.MULTILINE) if layer not in found]


def answer(url: str) -> str:
    """The text of a 200; empty where there is none."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return str(response.read(), "utf-8")
    except (OSError, http.client.HTTPException):
        return ""
