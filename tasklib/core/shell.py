"""The one door to the shell: commands are lists of words."""

import contextlib
import io
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from invoke import Context, Exit, Result
from invoke.exceptions import UnexpectedExit

Words = list[str]
INTERRUPTED = {130, -2}  # what a command ends with after Ctrl-C


def run(c: Context, words: Words, quiet: bool = False, **options: Any) -> Result:
    """Run one command, shown first, its output as well unless `quiet`; options are those of Invoke's `run`.

    Raises UnexpectedExit, and KeyboardInterrupt where Ctrl-C came meanwhile.
    """
    sinks = {"out_stream": io.StringIO(), "err_stream": io.StringIO()} if quiet else {}
    with interrupts_held() as interrupts:
        result: Result = c.run(shlex.join(words), **{"in_stream": False, **sinks, **options, "warn": True})
    if interrupts or result.exited in INTERRUPTED:
        raise KeyboardInterrupt
    if result.failed and not options.get("warn"):
        result.hide = tuple(sinks)  # what nobody has seen yet
        raise UnexpectedExit(result)
    return result


@contextlib.contextmanager
def interrupts_held() -> Iterator[list[int]]:
    """Only note Ctrl-C, in the list that is yielded: the terminal sends it to the command as well, which ends by it."""
    interrupts: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: interrupts.append(number))
    try:
        yield interrupts
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def ended_in_order() -> Iterator[None]:
    """SIGTERM ends the program as Ctrl-C does, with all that is to be done at the end."""
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def attach(c: Context, words: Words) -> None:
    """Hand the terminal to one command, Ctrl-C included, and pass its exit code on. Raises Exit."""
    # Not among its output, which may go into a file or a variable.
    print(shlex.join(words), file=sys.stderr, flush=True)
    with interrupts_held():
        code = 0 if c.config.run.dry else subprocess.run(words, check=False).returncode
    # Who reads its output (`head`, say) has seen enough.
    if code and code != -signal.SIGPIPE:
        raise Exit(code=code)


def is_terminal() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def ask(words: Words, text: str = "", detached: bool = False) -> subprocess.CompletedProcess[str]:
    """Put a question that changes nothing, with `text` as its input: not shown, and run by `--dry` as well.

    Ctrl-C does not reach a `detached` command. Raises Exit when the program is missing.
    """
    try:
        return subprocess.run(
            words, input=text, capture_output=True, text=True, check=False, start_new_session=detached
        )
    except FileNotFoundError as error:
        raise Exit(f"{words[0]} is missing - look at the machine with: inv doctor") from error


def output(words: Words, text: str = "") -> str:
    """What a question is answered with. Raises Exit where it fails."""
    result = ask(words, text)
    if result.returncode:
        raise Exit(f"{words[0]} {words[1]} failed: {last_lines(result.stderr, 3)} - type: inv doctor")
    return result.stdout


def last_lines(text: str, count: int = 15) -> str:
    """The end of an output, without blank lines."""
    return "\n".join([line for line in text.splitlines() if line.strip()][-count:])


def write(path: Path, text: str) -> Path:
    """Write a file whole or not at all, its folder included; returns the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text)
    return draft.replace(path)
