"""The output of a process is read line by line and joined into events."""

import json
import os
import threading
import time
from types import SimpleNamespace

import pytest

from supervisor import dialects, reader
from supervisor.reader import LINE_BYTES, read_lines

BIG = b"x" * LINE_BYTES
PREFIX = b"[87] app@service "


@pytest.fixture
def pipe():
    """A pipe: where a program prints, and where its lines are read."""
    read, write = os.pipe()
    with open(write, "wb", buffering=0) as program:
        yield program, read


@pytest.fixture
def start_reader(pipe):
    """Start reading what a process prints; give the program's end, what has been written so far, each time's lines
    behind their times, and the thread."""
    program, read = pipe
    written = []

    def start(process):
        def write(name, lines):
            assert name == process
            written.append(lines)

        thread = threading.Thread(target=reader.read, args=(read, process, write))
        thread.start()
        return program, written, thread

    return start


def read_all(pipe, *parts):
    """Return the lines that are read of what a program printed before it ended."""
    program, read = pipe
    for part in parts:
        program.write(part)
    program.close()
    with open(read, "rb") as file:
        return list(read_lines(file))


def messages(start_reader, process, *parts):
    """The messages of the events that a program printed before it ended."""
    program, written, thread = start_reader(process)
    for part in parts:
        program.write(part)
    program.close()
    thread.join(10)
    return [json.loads(line)["message"] for lines in written for _, line in lines]


def test_lines_are_read_without_their_ends(pipe):
    assert read_all(pipe, b"one\ntwo\n\n") == [b"one", b"two", b""]


def test_line_in_parts_is_one_line(pipe):
    assert read_all(pipe, b"on", b"e\n") == [b"one"]


def test_last_line_without_end_is_read(pipe):
    assert read_all(pipe, b"one\ntwo") == [b"one", b"two"]


def test_long_line_is_split_and_kept(pipe):
    assert read_all(pipe, BIG, b"rest\n") == [BIG, b"... rest"]


def test_line_after_a_long_one_is_its_own(pipe):
    assert read_all(pipe, BIG, b"rest\n", b"next\n")[-1] == b"next"


def test_invalid_bytes_become_utf_8(pipe):
    assert read_all(pipe, b"\xff\n") == ["\N{REPLACEMENT CHARACTER}".encode()]


def test_object_passes_untouched(start_reader):
    program, written, thread = start_reader("uwsgi")
    program.write(b'{"level":  "INFO"}\n')
    program.close()
    thread.join(10)
    [[(time, line)]] = written
    assert (time[:2], line) == ("20", b'{"level":  "INFO"}')


def test_lines_that_are_read_together_are_written_together(start_reader):
    program, written, thread = start_reader("nginx")
    program.write(b"{}\n{}\nplain\n{}\n")
    program.close()
    thread.join(10)
    assert [len(lines) for lines in written] == [4]
    assert len({time for time, _ in written[0]}) == 1


def test_events_of_the_database_are_one_line_each(start_reader):
    first = PREFIX + b"ERROR:  one\n" + PREFIX + b"DETAIL:  more\n" + PREFIX + b"STATEMENT:  SELECT\n\t1\n"
    second = b"[88] app@service LOG:  two\n\tlines\n"
    assert messages(start_reader, "postgres", first, second) == ["one", "two\nlines"]


def test_detail_of_another_process_is_not_mixed_in(start_reader):
    lines = PREFIX + b"ERROR:  one\n", b"[88] app@service DETAIL:  secret\n"
    assert messages(start_reader, "postgres", *lines) == ["one", dialects.CONTINUED]


def test_event_in_parts_is_one_line(start_reader):
    parts = PREFIX + b"LOG:  state", b"ment: SELECT\n", b"\t1", b"\n"
    assert messages(start_reader, "postgres", *parts) == ["statement: SELECT\n1"]


def test_last_event_does_not_wait_for_the_next(start_reader, eventually):
    program, written, thread = start_reader("postgres")
    program.write(PREFIX + b"ERROR:  one\n")

    def event_is_written():
        return written

    eventually(event_is_written)
    assert written[0][0][0].startswith("20")
    program.close()
    thread.join(10)


@pytest.mark.parametrize(("lines", "pauses"), [(9, 0), (10, 1), (12, 3)])
def test_only_who_goes_on_printing_is_left_alone(start_reader, eventually, monkeypatch, lines, pauses):
    made = []
    monkeypatch.setattr(reader, "time", SimpleNamespace(monotonic=time.monotonic, sleep=made.append))
    monkeypatch.setattr(reader, "HURRY_SECONDS", 10)
    program, written, thread = start_reader("nginx")
    for number in range(1, lines + 1):
        program.write(b"{}\n")
        eventually(lambda number=number: len(written) == number)
    program.close()
    thread.join(10)
    assert made == [reader.PAUSE_SECONDS] * pauses


def test_long_event_is_cut(start_reader):
    assert messages(start_reader, "postgres", PREFIX + b"LOG:  one\n", b"\t" + BIG[:-99] + b"\n\trest\n")[0].startswith(
        "one"
    )


def test_traceback_is_one_event(start_reader):
    lines = [
        dialects.TRACEBACK,
        '  File "x", line 1',
        "    f()",
        "ValueError: no",
        "",
        dialects.TRACEBACK,
        "  File",
        "KeyError",
        "next",
    ]
    assert messages(start_reader, "uwsgi", "\n".join(lines).encode()) == ["KeyError", "next"]
