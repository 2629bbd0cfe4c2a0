"""Print the stored lines of the pod, all or those that match, the oldest first.

Control characters are escaped, so that no line can pass for another one.
"""

import argparse
import itertools
import os
import select
import stat
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NoReturn

from logstore import store
from logstore.columns import columns, object_of
from logstore.query import LEVELS, Query, expression, moment, parse

POLL_SECONDS = 0.2


class Search:
    """The stored lines that match, up to the creation of this object, and those that follow."""

    def __init__(self, folder: Path, query: Query) -> None:
        self.folder, self.query = folder, query
        self.number = store.newest(folder)
        # A line that is still being written is left for later.
        self.offset = store.read(folder, self.number).rfind(b"\n") + 1

    def all(self) -> Iterator[bytes]:
        """Every matching line that was stored before."""
        for number in self._numbers():
            yield from self._wanted(self._before(number))

    def last(self, count: int) -> Iterator[bytes]:
        """The last matching lines that were stored before."""
        # Count first instead of keeping the lines: rsyslog shares the memory limit.
        files, missing = list[int](), count
        for number in reversed(self._numbers()):
            if missing <= 0:
                break
            if matches := sum(1 for _ in self._wanted(self._before(number))):
                files.append(number)
                missing -= matches
        for number in reversed(files):
            yield from itertools.islice(self._wanted(self._before(number)), max(0, -missing), None)
            missing = 0

    def new(self) -> Iterator[bytes]:
        """Every matching line that was stored since the last call."""
        newest = store.newest(self.folder)
        # The numbers start again after a full disk has cost all full files.
        for number in range(min(self.number, newest), newest + 1):
            self.offset *= number == self.number
            self.number = number
            content = store.read(self.folder, number, self.offset)
            self.offset += content.rfind(b"\n") + 1
            yield from self._wanted(content)

    def _numbers(self) -> list[int]:
        """The numbers of the files that may hold matching lines."""
        since = self.query.since_seconds
        full = [number for number in store.numbers(self.folder) if number < self.number]
        return [number for number in full if store.written(self.folder, number) >= since] + [self.number]

    def _before(self, number: int) -> bytes:
        """The content of a file at the creation of this object."""
        content = store.read(self.folder, number)
        return content[: self.offset] if number == self.number else content

    def _wanted(self, content: bytes) -> Iterator[bytes]:
        return filter(self.query.is_met, self.query.candidates(content))


def show(lines: Iterable[bytes], options: argparse.Namespace) -> None:
    """Print lines in the form that the options select."""
    for line in lines:
        sys.stdout.buffer.write(object_of(line) if options.json else columns(parse(line), options.colour).encode())
    sys.stdout.buffer.flush()


def is_left(seconds: float) -> bool:
    """Wait; return whether the caller has gone meanwhile.

    `podman exec` does not forward signals. With --interactive, the end of its caller ends the standard input.
    """
    if not stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Event().wait(seconds)
        return False
    readable, _, _ = select.select([0], [], [], seconds)
    return bool(readable) and not os.read(0, 1024)


def run(options: argparse.Namespace) -> str | None:
    """Show the matching lines and, with --follow, those that arrive; return what is wrong, or None."""
    if not options.follow and not store.numbers(options.folder) and not (options.folder / store.CURRENT).exists():
        return f"no log in {options.folder} - is the container log running?"
    search = Search(options.folder, Query(options))
    show(search.all() if options.lines is None else search.last(options.lines), options)
    while options.follow and not is_left(POLL_SECONDS):
        show(search.new(), options)
    return None


def count(word: str) -> int:
    """The number in an option. Raises ValueError if it is negative."""
    if (number := int(word)) < 0:
        raise ValueError(word)
    return number


class Parser(argparse.ArgumentParser):
    """A parser that reports an error in one line."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2 and the message."""
        self.exit(2, f"{message}\n")


def parser() -> argparse.ArgumentParser:
    """The options of the command line."""
    parser = Parser(description=__doc__)
    parser.add_argument("--follow", action="store_true", help="go on with new lines until interrupted")
    parser.add_argument("--service", metavar="NAME", help="lines of one service")
    parser.add_argument("--request-id", metavar="ID", help="lines of one request: X-REQUEST-ID of its answer")
    parser.add_argument("--level", choices=LEVELS, type=str.upper, help="lines of this level and above")
    parser.add_argument(
        "--since", metavar="TIME", type=moment, help="lines of the last 10m, 2h, 1d, or from a UTC time on"
    )
    parser.add_argument(
        "--grep", metavar="REGEX", type=expression, help="lines with this in the message; (?i) before it: in any case"
    )
    parser.add_argument("--lines", metavar="N", type=count, help="the last N of the lines stored so far")
    parser.add_argument("--json", action="store_true", help="the lines as they are stored")
    parser.add_argument("--colour", action="store_true", help="colour by level")
    parser.add_argument("--folder", type=Path, default=store.FOLDER, help="where they are stored (%(default)s)")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(run(parser().parse_args()))
    except KeyboardInterrupt:
        sys.exit(0)
    except BrokenPipeError:
        # The reader, `head` for example, has seen enough. Python would report the closed pipe again when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
