"""Running commands, which are lists of words, waiting, writing files, and the colours of what is printed."""

import contextlib
import io
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from invoke import Context, Exit, Result
from invoke.exceptions import UnexpectedExit
from rich.console import Console
from rich.text import Text

Words = list[str]
console = Console(highlight=False, markup=False)
GOOD, UNSURE, BAD = "green", "yellow", "red"
# Any other state is a fault.
COLOURS = {
    **dict.fromkeys(["healthy", "running", "ok"], GOOD),
    **dict.fromkeys(["starting", "created", "better", "note"], UNSURE),
}
# Modes of files: a URL or a variable of the host may hold a password, so nobody else reads what the tasks write.
PRIVATE, PUBLIC = 0o600, 0o644
INTERRUPTED = {130, -2}  # what a command ends with after Ctrl-C
# Podman, of a container whose monitor was killed. It notes then that the container has ended: the next command works.
UNNOTICED_END = "conmon exited prematurely"


def run(c: Context, words: Words, quiet: bool = False, **options: Any) -> Result:
    """Run one command, shown first, its output as well unless `quiet`; options are those of Invoke's `run`.

    Raises UnexpectedExit, and KeyboardInterrupt where Ctrl-C came meanwhile.
    """
    sinks = {"out_stream": io.StringIO(), "err_stream": io.StringIO()} if quiet else {}
    with interrupts_held() as interrupts:
        command, every = shlex.join(words), {"in_stream": False, **sinks, **options, "warn": True}
        result: Result = c.run(command, **every)
        if UNNOTICED_END in result.stderr:
            result = c.run(command, **every)
    if interrupts or result.exited in INTERRUPTED:
        raise KeyboardInterrupt
    if result.failed and not options.get("warn"):
        result.hide = tuple(sinks)  # the output that was not shown yet
        raise UnexpectedExit(result)
    return result


@contextlib.contextmanager
def interrupts_held() -> Iterator[list[int]]:
    """Keep Ctrl-C in the list that is yielded; the terminal sends it to the running command too, which ends by it."""
    interrupts: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: interrupts.append(number))
    try:
        yield interrupts
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def ended_in_order() -> Iterator[None]:
    """Let SIGTERM end the program like Ctrl-C, so that all cleanup runs."""
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def attach(c: Context, words: Words) -> None:
    """Give the terminal to one command, Ctrl-C included, and pass its exit code on. Raises Exit."""
    # Not among its output, which may go into a file or a variable.
    print(shlex.join(words), file=sys.stderr, flush=True)
    with interrupts_held():
        code = 0 if c.config.run.dry else subprocess.run(words, check=False).returncode
    # The reader of its output, `head` for instance, has closed the pipe.
    if code and code != -signal.SIGPIPE:
        raise Exit(code=code)


def is_terminal() -> bool:
    """Whether standard input and output are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def capture(words: Words, text: str = "", detached: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a command unseen, by `--dry` as well, with `text` as its input, and return its output.

    Ctrl-C does not reach a `detached` command. Raises Exit when the program is missing.
    """
    options: Any = {"input": text, "capture_output": True, "text": True, "start_new_session": detached}
    try:
        result = subprocess.run(words, check=False, **options)
        return subprocess.run(words, check=False, **options) if UNNOTICED_END in result.stderr else result
    except FileNotFoundError as error:
        raise Exit(f"{words[0]} is missing - look at the machine with: inv doctor") from error


def uninterrupted(words: Words, text: str = "") -> subprocess.CompletedProcess[str]:
    """Capture a command that Ctrl-C does not reach; raises KeyboardInterrupt after it."""
    with interrupts_held() as interrupts:
        result = capture(words, text, detached=True)
    if interrupts:
        raise KeyboardInterrupt
    return result


def output(words: Words, text: str = "") -> str:
    """The output of a command that is run unseen. Raises Exit if it fails."""
    result = capture(words, text)
    if result.returncode:
        raise Exit(f"{words[0]} {words[1]} failed: {last_lines(result.stderr, 3)} - type: inv doctor")
    return result.stdout


def last_lines(text: str, count: int = 15) -> str:
    """The end of an output, without blank lines."""
    return "\n".join([line for line in text.splitlines() if line.strip()][-count:])


def write(path: Path, text: str, mode: int = PRIVATE) -> Path:
    """Write a file atomically, with this mode under any umask, creating its folder; return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, PRIVATE), "w") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)
    return draft.replace(path)


def coloured(state: str) -> Text:
    """A state in its colour, which rich leaves out where there is no terminal, and for https://no-color.org"""
    return Text(state, style=COLOURS.get(state, BAD))


def failures(count: int) -> Text:
    """A number of failures, in colour unless it is 0."""
    return Text(str(count), style=BAD if count else GOOD)


def until(unmet: Callable[[], str], seconds: float, what: str) -> str:
    """Call `unmet` until it returns nothing or the time is over; return what it returned last."""
    deadline = time.monotonic() + seconds
    with console.status(what) as status:
        while (missing := unmet()) and time.monotonic() < deadline:
            status.update(f"{what}: {missing}, {deadline - time.monotonic():.0f} s left")
            threading.Event().wait(0.1)
    return missing
