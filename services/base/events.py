"""What a process prints, event by event: a line, or the lines of one event as soon as they are together."""

import io
import select
import time
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Protocol

import form
from log import now

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Longer ones are split. A request makes 50 KB at the most: its address, twice, each byte as an escape of six.
# Below a third of maxMessageSize in rsyslog.conf, since each byte that is no UTF-8 becomes three.
LINE_BYTES = 56 * 1024
CONTINUED = form.CONTINUED.encode()
# The lines of an event are written at once, so none of them comes after a pause.
HOLD_SECONDS = 0.1
# A program that is read so often within so many seconds goes on printing. It is left alone between two reads, for more
# lines than one: read alone, each takes three times the CPU. Others are read at once, so that their times are exact.
HURRY_READS, HURRY_SECONDS, PAUSE_SECONDS = 10, 0.1, 0.005


class Write(Protocol):
    """Takes a line of a process, and its time if that was not just now: Log.write."""

    def __call__(self, process: str, line: bytes, time: str = ..., /) -> None: ...


class Output(io.FileIO):
    """The pipe that a process prints to; while it is silent, an event that has begun is written."""

    def __init__(self, pipe: int, events: "Events") -> None:
        super().__init__(pipe)
        self.events = events
        self.reads: deque[float] = deque([0.0], HURRY_READS)  # when, by time.monotonic
        self.is_drained = False

    def readinto(self, buffer: "WriteableBuffer") -> int:
        # Asked for more only when all before is read: a program in a hurry cuts no event in two.
        if self.events.lines and not select.select([self], [], [], HOLD_SECONDS)[0]:
            self.events.flush()
        if self.is_drained and time.monotonic() - self.reads[0] < HURRY_SECONDS:
            time.sleep(PAUSE_SECONDS)
        count = super().readinto(buffer)
        self.reads.append(time.monotonic())
        self.is_drained = count < len(memoryview(buffer))
        return count


class Events:
    """Writes each event of a process as one line, of LINE_BYTES of text at the most."""

    def __init__(self, process: str, write: Write) -> None:
        self.process, self.write = process, write
        self.lines: list[str] = []  # of an event that may go on
        self.last = ""
        self.bytes = 0
        self.time = ""

    def take(self, line: bytes) -> None:
        """Take the next line; write what is whole by now."""
        if form.is_formed(self.process, line):
            if self.lines:
                self.flush()
            self.write(self.process, line)
            return
        text = line.decode()
        if not (self.lines and form.goes_on(self.lines[0], self.last, text)):
            self.flush()
            self.time, self.bytes = now(), 0
        self.last = text
        self.bytes += len(line)
        if self.bytes <= LINE_BYTES or not self.lines:
            self.lines.append(text)
        if not form.may_go_on(self.process, self.lines[0]):
            self.flush()

    def flush(self) -> None:
        """Write the event that has begun."""
        if self.lines:
            fields = form.fields(self.process, self.lines)
            self.lines = []
            self.write(self.process, form.line(**fields), self.time)


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
