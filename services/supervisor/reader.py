"""What a process prints, event by event: a line, or the lines of one event as soon as they are together."""

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

# Longer ones are split. A request makes 50 KB at the most: its address, twice, each byte as an escape of six.
# Below a third of maxMessageSize in rsyslog.conf, since each byte that is no UTF-8 becomes three.
LINE_BYTES = 56 * 1024
CONTINUED = dialects.CONTINUED.encode()
# The lines of an event are written at once, so none of them comes after a pause.
HOLD_SECONDS = 0.1
# A program that is read so often within so many seconds goes on printing. It is left alone between two reads, for more
# lines than one: read alone, each takes four times the CPU. Others are read at once, so that their times are exact.
HURRY_READS, HURRY_SECONDS, PAUSE_SECONDS = 10, 0.1, 0.02

Write = Callable[[str, list[tuple[str, bytes]]], None]  # takes a process and its lines, each behind its time


class Output(io.FileIO):
    """The pipe that a process prints to; all that was read is written before more is waited for."""

    def __init__(self, pipe: int, events: "Events") -> None:
        super().__init__(pipe)
        self.events = events
        self.reads: deque[float] = deque([0.0], HURRY_READS)  # when, by time.monotonic
        self.is_drained = False

    def readinto(self, buffer: "WriteableBuffer") -> int:
        # Asked for more only when all before is read: a program in a hurry cuts no event in two.
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
    """Makes of each event of a process one line, of LINE_BYTES of text at the most."""

    def __init__(self, process: str, write: Write) -> None:
        self.process, self.write = process, write
        self.ready: list[tuple[str, bytes]] = []
        self.now = ""  # when the last of its output was read
        self.lines: list[str] = []  # of an event that may go on
        self.last = ""
        self.bytes = 0
        self.time = ""

    def take(self, line: bytes) -> None:
        """Take the next line; make ready what is whole by now."""
        if dialects.is_formed(self.process, line):
            self.flush()
            self.ready.append((self.now, line))
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
        """Make ready the event that has begun."""
        if self.lines:
            fields = dialects.fields(self.process, self.lines)
            self.lines = []
            self.ready.append((self.time, dialects.line(**fields)))

    def write_all(self) -> None:
        """Write what is ready."""
        if self.ready:
            self.write(self.process, self.ready)
            self.ready = []


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a pipe without their ends, the last one also when it has none, until the pipe is closed."""
    begin = b""
    while line := file.readline(LINE_BYTES):
        # A split may fall into a character, and a program may print anything; the log holds UTF-8.
        yield begin + line.removesuffix(b"\n").decode(errors="replace").encode()
        # The rest of a line, which a client may have chosen, must not pass for a line of its own.
        begin = b"" if line.endswith(b"\n") else CONTINUED


def read(pipe: int, process: str, write: Write) -> None:
    """Write the events of a process until it and its children have closed the pipe."""
    events = Events(process, write)
    with io.BufferedReader(Output(pipe, events)) as file:
        for line in read_lines(file):
            events.take(line)
    events.flush()
    events.write_all()
