"""Read what a process prints, and pass on each event: one line, or the lines that belong together."""

import io
import select
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from supervisor import dialects
from supervisor.shipper import now

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Longer lines are split. The line of a request has at most 50 KB: its URL, twice, each byte as an escape of six bytes.
# Less than a third of maxMessageSize in rsyslog.conf, because each byte that is not UTF-8 becomes three.
LINE_BYTES = 56 * 1024
CONTINUED = dialects.CONTINUED.encode()
# A program writes the lines of an event at once, so a pause ends the event.
HOLD_SECONDS = 0.1
# A program that is read this often within this time prints without a break. The reader then pauses to get several lines
# at once: a line read alone takes four times the CPU. Other programs are read at once, so that their times are exact.
HURRY_READS, HURRY_SECONDS, PAUSE_SECONDS = 10, 0.1, 0.02

Write = Callable[[str, list[tuple[str, bytes]]], None]  # takes the name of a process, and its lines with their times


class Output(io.FileIO):
    """The pipe that a process prints to. It passes on all that was read before it waits for more."""

    def __init__(self, pipe: int, events: "Events") -> None:
        super().__init__(pipe)
        self.events = events
        self.reads: deque[float] = deque([0.0], HURRY_READS)  # when, by time.monotonic
        self.is_drained = False

    def readinto(self, buffer: "WriteableBuffer") -> int:
        # Python reads again only after its buffer is empty, so a read never cuts an event in two.
        self.events.write_all()
        if self.events.lines and not select.select([self], [], [], HOLD_SECONDS)[0]:
            self.events.flush()
            self.events.write_all()
        if self.is_drained and time.monotonic() - self.reads[0] < HURRY_SECONDS:
            time.sleep(PAUSE_SECONDS)
        count = super().readinto(buffer)
        self.reads.append(time.monotonic())
        self.events.now = now()
        self.is_drained = count < len(memoryview(buffer))
        return count


class Events:
    """Turns each event of a process into one line with at most LINE_BYTES of text."""

    def __init__(self, process: str, write: Write) -> None:
        self.process, self.write = process, write
        self.ready: list[tuple[str, bytes]] = []
        self.now = ""  # when the last of its output was read
        self.lines: list[str] = []  # of an event that may go on
        self.last = ""
        self.bytes = 0
        self.time = ""

    def take(self, line: bytes) -> None:
        """Add the next line; an event that is complete becomes ready."""
        if dialects.is_formed(self.process, line):
            self.flush()
            self.ready.append((self.now, dialects.tidied(line)))
            return
        text = line.decode()
        if not (self.lines and dialects.goes_on(self.lines[0], self.last, text)):
            self.flush()
            self.time, self.bytes = self.now, 0
        self.last = text
        self.bytes += len(line)
        if self.bytes <= LINE_BYTES or not self.lines:
            self.lines.append(text)
        if not dialects.may_go_on(self.process, self.lines[0]):
            self.flush()

    def flush(self) -> None:
        """End the event in progress; it becomes ready."""
        if self.lines:
            fields = dialects.fields(self.process, self.lines)
            self.lines = []
            self.ready.append((self.time, dialects.line(**fields)))

    def write_all(self) -> None:
        """Pass on the events that are ready."""
        if self.ready:
            self.write(self.process, self.ready)
            self.ready = []


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a pipe without their line ends until it is closed; the last one may lack its end."""
    begin = b""
    while line := file.readline(LINE_BYTES):
        # A split may cut a character in two, and a program may print any bytes; the log holds UTF-8.
        yield begin + line.removesuffix(b"\n").decode(errors="replace").encode()
        # The rest of a long line, whose text a client may have chosen, must not look like a line of its own.
        begin = b"" if line.endswith(b"\n") else CONTINUED


def read(pipe: int, process: str, write: Write) -> None:
    """Pass on the events of a process until it and its children have closed the pipe."""
    events = Events(process, write)
    with io.BufferedReader(Output(pipe, events)) as file:
        for line in read_lines(file):
            events.take(line)
    events.flush()
    events.write_all()
