"""Print the stored lines of the pod, all of them or those that are asked for, the oldest first.

What an application wrote is shown with its control characters escaped, so that no line can forge another one.
"""

import argparse
import json
import os
import select
import stat
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
POLL_SECONDS = 0.2


class Log:
    """The files of a folder, pod.log.1 and pod.log, read on across rotations: rotate.py."""

    def __init__(self, folder: Path) -> None:
        self.path, older = folder / "pod.log", folder / "pod.log.1"
        self.files: deque[BinaryIO] = deque()
        self.rest = b""
        # The newer one is opened first: a rotation in between then costs the oldest lines and not those between.
        self._open(self.path)
        if self._open(older):
            self.files.rotate(1)

    def lines(self) -> Iterator[bytes]:
        """Yield every whole line that was stored since the last call."""
        while True:
            # Looked for before reading, so that what was written before a rotation is read to its end.
            self._open(self.path)
            if self.files:
                yield from self._whole(self.files[0])
            if len(self.files) < 2:
                return
            self.files.popleft().close()
            self.rest = b""

    def _open(self, path: Path) -> bool:
        """Take a file as the last one, if it is there and not yet taken."""
        try:
            file = path.open("rb")
        except OSError:
            return False
        if any(os.path.sameopenfile(file.fileno(), known.fileno()) for known in self.files):
            file.close()
            return False
        self.files.append(file)
        return True

    def _whole(self, file: BinaryIO) -> Iterator[bytes]:
        for line in file:
            self.rest += line
            if self.rest.endswith(b"\n"):
                whole, self.rest = self.rest, b""
                yield whole


def parse(line: bytes) -> dict[str, Any]:
    """The fields of a line; a damaged one is a message alone."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        entry = None
    return entry if isinstance(entry, dict) else {"message": line.decode(errors="backslashreplace").rstrip("\n")}


def level_of(entry: dict[str, Any]) -> int:
    """The rank of a line's level; one without a known level counts as INFO."""
    level = entry.get("level")
    return LEVELS.index(level if level in LEVELS else "INFO")


def is_wanted(entry: dict[str, Any], options: argparse.Namespace) -> bool:
    """Is the line one of those that the command line asks for?"""
    return (
        options.service in (None, entry.get("service"))
        and options.request_id in (None, entry.get("request_id"))
        and (options.level is None or level_of(entry) >= LEVELS.index(options.level))
    )


def printable(value: Any) -> str:
    """The text of a field on one line, as a terminal may be given it."""
    text = "" if value is None else str(value)
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def columns(entry: dict[str, Any]) -> str:
    """Time to milliseconds, service, level and message; a traceback indented below."""
    time, service, level, message = (printable(entry.get(key)) for key in ("time", "service", "level", "message"))
    traceback = str(entry.get("exc_info") or "").splitlines()
    head = f"{time[:23].replace('T', ' '):23} {service:13} {level:8} {message}".rstrip()
    return "\n".join([head, *(f"    {printable(line)}" for line in traceback)]) + "\n"


def show(lines: Iterable[bytes], options: argparse.Namespace) -> None:
    """Print lines in the form that the command line asks for."""
    for line in lines:
        sys.stdout.buffer.write(line if options.json else columns(parse(line)).encode())
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


def search(options: argparse.Namespace) -> str | None:
    """Show what is asked for and, if so asked, what comes; return what is wrong, or None."""
    log = Log(options.folder)
    if not log.files and not options.follow:
        return f"no log in {options.folder} - is the container log running?"

    def wanted() -> Iterator[bytes]:
        return (line for line in log.lines() if is_wanted(parse(line), options))

    show(wanted() if options.lines is None else deque(wanted(), maxlen=options.lines), options)
    while options.follow and not is_left(POLL_SECONDS):
        show(wanted(), options)
    return None


def count(word: str) -> int:
    """The number of an option, 0 or more; ValueError otherwise."""
    if (number := int(word)) < 0:
        raise ValueError(word)
    return number


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--follow", action="store_true", help="go on with new lines until interrupted")
    parser.add_argument("--service", metavar="NAME", help="lines of one service: server, db, log, metrics")
    parser.add_argument("--request-id", metavar="ID", help="lines of one request: X-REQUEST-ID of its answer")
    parser.add_argument("--level", choices=LEVELS, type=str.upper, help="lines of this level and above")
    parser.add_argument("--lines", metavar="N", type=count, help="the last N of the lines stored so far")
    parser.add_argument("--json", action="store_true", help="the lines as they are stored")
    parser.add_argument("--folder", type=Path, default=Path("/var/log/pod"), help="where they are stored (%(default)s)")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(search(parser().parse_args()))
    except KeyboardInterrupt:
        sys.exit(0)
    except BrokenPipeError:
        # The reader (`head`, say) has seen enough; Python would complain once more when it closes its output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
