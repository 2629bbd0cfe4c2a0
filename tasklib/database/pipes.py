"""Commands whose input or output is too large to be held in memory."""

import contextlib
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from invoke import Context, Exit

from tasklib.core import shell, wait

PART = 1 << 20


@contextlib.contextmanager
def piped(words: shell.Words, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run one command, shown first, beside the caller who uses its pipes, and wait for its end.

    Raises Exit where the command fails; where the caller fails, the command ends.
    """
    print(shlex.join(words), flush=True)
    with tempfile.TemporaryFile("w+", errors="replace") as errors:
        try:
            # A pipe breaks where the command ends before its input: why is told below.
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
    """The error that a program of PostgreSQL tells first, or the last line where none is called so."""
    file.seek(0)
    text = file.read()
    return next((line for line in text.splitlines() if "error:" in line.lower()), shell.last_lines(text, 1))


@contextlib.contextmanager
def killed_on_error(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a command that nobody reads or feeds any more."""
    try:
        yield
    except BaseException:
        process.kill()
        raise


def feed(c: Context, words: shell.Words, source: IO[bytes], what: str) -> None:
    """Run a command, shown first, with a file as its input. Raises Exit where it fails."""
    if c.config.run.dry:
        print(shlex.join(words))
        return
    with piped(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        copy(source, pipe(process.stdin), what)


def pipe(file: IO[bytes] | None) -> IO[bytes]:
    """One of a command's pipes that was asked for."""
    assert file is not None  # noqa: S101 - only told to the type checker
    return file


def copy(source: IO[bytes], target: IO[bytes], what: str) -> None:
    """Copy to the end, and show how far that is."""
    done = 0
    with wait.console.status(what) as status:
        while part := source.read(PART):
            target.write(part)
            done += len(part)
            status.update(f"{what}: {done / 1e6:.0f} MB")
