"""Commands whose input or output is too large to be held in memory."""

import contextlib
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from invoke import Context, Exit

from tasklib.core import shell

PART = 1 << 20


@contextlib.contextmanager
def piped(words: shell.Words, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run one command, shown first, while the caller uses its pipes, and wait for its end.

    Raises Exit if the command fails; if the caller fails, the command is killed.
    """
    print(shlex.join(words), flush=True)
    with tempfile.TemporaryFile("w+", errors="replace") as errors:
        try:
            # A pipe breaks if the command ends before its input; the reason is reported below.
            with (
                contextlib.suppress(BrokenPipeError),
                subprocess.Popen(words, stderr=errors, **pipes) as process,
                killed_on_error(process),
            ):
                yield process
        except Exit:
            print(first_error(errors))
            raise
        if process.returncode:
            raise Exit(f"a command failed (above): {first_error(errors)} - look at the pod with: inv status")


def first_error(file: IO[str]) -> str:
    """The first error of a PostgreSQL program, or its last line if no line is marked as an error."""
    file.seek(0)
    text = file.read()
    return next((line for line in text.splitlines() if "error:" in line.lower()), shell.last_lines(text, 1))


@contextlib.contextmanager
def killed_on_error(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Kill a command if the code that reads or feeds it fails."""
    try:
        yield
    except BaseException:
        process.kill()
        raise


def feed(c: Context, words: shell.Words, source: IO[bytes], what: str) -> None:
    """Run a command, shown first, with a file as its input. Raises Exit if it fails."""
    if c.config.run.dry:
        print(shlex.join(words))
        return
    with piped(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        copy(source, pipe(process.stdin), what)


def pipe(file: IO[bytes] | None) -> IO[bytes]:
    """A pipe of a command, known to be open."""
    assert file is not None  # noqa: S101 - for the type checker
    return file


def copy(source: IO[bytes], target: IO[bytes], what: str) -> None:
    """Copy to the end, showing progress."""
    done = 0
    with shell.console.status(what) as status:
        while part := source.read(PART):
            target.write(part)
            done += len(part)
            status.update(f"{what}: {done / 1e6:.0f} MB")
