"""Print the stored lines of the pod, all of them or those that are asked for, the oldest first.

What an application wrote is shown with its control characters escaped, so that no line can forge another one.
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
from logstore.columns import columns
from logstore.query import LEVELS, Question, expression, moment, parse

POLL_SECONDS = 0.2


class Search:
    """The stored lines that are asked for, up to the moment at which this is made and, if so asked, from there on."""

    def __init__(self, folder: Path, question: Question) -> None:
        self.folder, self.question = folder, question
        self.number = store.newest(folder)
        # A line that is being written is left for later.
        self.offset = store.read(folder, self.number).rfind(b"\n") + 1

    def all(self) -> Iterator[bytes]:
        """Every wanted line that was stored before."""
        for number in self._numbers():
            yield from self._wanted(self._before(number))

    def last(self, count: int) -> Iterator[bytes]:
        """The last wanted lines that were stored before."""
        # Counted first, since the memory that they would take is rsyslog's as well.
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
        """Every wanted line that was stored since the last call."""
        newest = store.newest(self.folder)
        # They begin anew where a full disk has taken all full files.
        for number in range(min(self.number, newest), newest + 1):
            self.offset *= number == self.number
            self.number = number
            content = store.read(self.folder, number, self.offset)
            self.offset += content.rfind(b"\n") + 1
            yield from self._wanted(content)

    def _numbers(self) -> list[int]:
        """The files in which there may be wanted lines."""
        since = self.question.since_seconds
        full = [number for number in store.numbers(self.folder) if number < self.number]
        return [number for number in full if store.written(self.folder, number) >= since] + [self.number]

    def _before(self, number: int) -> bytes:
        """What was in a file when this was made."""
        content = store.read(self.folder, number)
        return content[: self.offset] if number == self.number else content

    def _wanted(self, content: bytes) -> Iterator[bytes]:
        return filter(self.question.is_met, self.question.candidates(content))


def show(lines: Iterable[bytes], options: argparse.Namespace) -> None:
    """Print lines in the form that the command line asks for."""
    for line in lines:
        sys.stdout.buffer.write(line if options.json else columns(parse(line), options.colour).encode())
    sys.stdout.buffer.flush()


def is_left(seconds: float) -> bool:
    """Wait, and tell whether the reader has gone meanwhile.

    `podman exec` passes no signal on, and only with --interactive the end of its caller shows, as the end of the input.
    """
    if not stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Event().wait(seconds)
        return False
    readable, _, _ = select.select([0], [], [], seconds)
    return bool(readable) and not os.read(0, 1024)


def run(options: argparse.Namespace) -> str | None:
    """Show what is asked for and, if so asked, what comes; return what is wrong, or None."""
    if not options.follow and not store.numbers(options.folder) and not (options.folder / store.CURRENT).exists():
        return f"no log in {options.folder} - is the container log running?"
    search = Search(options.folder, Question(options))
    show(search.all() if options.lines is None else search.last(options.lines), options)
    while options.follow and not is_left(POLL_SECONDS):
        show(search.new(), options)
    return None


def count(word: str) -> int:
    """The number of an option, 0 or more; ValueError otherwise."""
    if (number := int(word)) < 0:
        raise ValueError(word)
    return number


class Parser(argparse.ArgumentParser):
    """A command line whose faults are told in one line."""

    def error(self, message: str) -> NoReturn:
        """End with the code of a wrong command line."""
        self.exit(2, f"{message}\n")


def parser() -> argparse.ArgumentParser:
    """The command line."""
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
        # The reader (`head`, say) has seen enough; Python would complain once more when it closes its output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
