"""Lines on their way to standard output and to the log, which may be away, frozen or back again."""

import contextlib
import itertools
import os
import queue
import re
import socket

import pytest

import log
from log import LINE_BYTES, Lines, Log, read_lines

BIG = b"x" * LINE_BYTES


class Server:
    """What the container `log` is to the others: a port that takes lines. Frozen until it accepts."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.settimeout(10)
        self.address = self.socket.getsockname()

    @contextlib.contextmanager
    def accept(self):
        """Take a connection; give a function that reads the next message, without its head."""
        connection, _ = self.socket.accept()
        connection.settimeout(10)
        with connection, connection.makefile("rb") as file:
            yield lambda: file.readline().partition(b" - - ")[2].rstrip(b"\n")


@pytest.fixture
def server():
    """A log that listens and has not yet taken anything."""
    server = Server()
    with server.socket:
        yield server


@pytest.fixture
def lines(server, monkeypatch):
    """The lines of the service `db` on their way to the server, ten of the longest waiting at most."""
    monkeypatch.setattr(log, "QUEUE_BYTES", 10 * LINE_BYTES)
    lines = Log("db", server.address)
    yield lines
    server.socket.close()
    lines.close()


@pytest.fixture
def pipe():
    """A pipe: where a program prints, and where its lines are read."""
    read, write = os.pipe()
    with open(write, "wb", buffering=0) as program:
        yield program, read


@pytest.fixture
def frozen(lines, eventually):
    """Write until the log, which accepts nothing, has cost three lines; return how many were written."""
    output = os.dup(1)
    written = itertools.count(1)

    def lines_are_dropped():
        lines.write("postgres", BIG)
        return next(written) and lines.dropped > 2

    # Megabytes of lines, which pytest would keep.
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    eventually(lines_are_dropped)
    os.dup2(output, 1)
    os.close(output)
    return next(written) - 1


def lost(text):
    """Return how many lines are reported as dropped."""
    return sum(int(count) for count in re.findall(r'"log lines dropped","dropped":(\d+)', text))


def read_all(pipe, *parts):
    """Return the lines that are read of what a program printed before it ended."""
    program, read = pipe
    for part in parts:
        program.write(part)
    program.close()
    return list(read_lines(read))


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


def test_line_is_printed_and_sent(server, lines, capfd):
    lines.write("postgres", b"hello")
    with server.accept() as message:
        assert message() == b"hello"
    assert capfd.readouterr().out == "hello\n"


def test_sent_line_names_time_service_and_process(server, lines):
    lines.write("postgres", b"hello")
    connection, _ = server.socket.accept()
    with connection:
        assert re.fullmatch(rb"<14>1 \S+T\S+\+00:00 - db postgres - - hello\n", connection.recv(1024))


def test_lines_wait_while_log_is_away(capfd):
    with Server().socket as server:
        address = server.getsockname()
    lines = Log("db", address)
    lines.write("postgres", b"early")
    with socket.create_server(address) as away:
        away.settimeout(10)
        connection, _ = away.accept()
        with connection:
            assert connection.recv(1024).endswith(b" early\n")
    lines.close()


def test_log_that_is_back_gets_every_line(server, lines):
    for number in range(5):
        lines.write("postgres", b"%d" % number)
        with server.accept() as message:
            assert message() == b"%d" % number


def test_short_lines_wait_in_greater_number(server, lines):
    server.socket.close()
    for _ in range(1000):
        lines.write("postgres", b"short")
    assert lines.dropped == 0


def test_queue_of_a_size_is_full():
    lines = Lines(3 * LINE_BYTES)
    for _ in range(3):
        lines.put_nowait(BIG)
    with pytest.raises(queue.Full):
        lines.put_nowait(b"short")


def test_line_that_is_taken_makes_room():
    lines = Lines(LINE_BYTES)
    lines.put_nowait(BIG)
    assert lines.get_nowait() == BIG
    lines.put_nowait(BIG)


def test_frozen_log_costs_lines_but_no_time(lines, frozen):
    assert 0 < lines.dropped < frozen


def test_stored_and_dropped_is_written(server, lines, frozen):
    stored = dropped = 0
    with server.accept() as message:
        while stored + dropped < frozen:
            line = message()
            assert line, "the connection is closed"
            stored += line == BIG
            dropped += lost(line.decode())
    assert (stored + dropped, lines.dropped) == (frozen, 0)


def test_closing_sends_what_is_queued(server, lines, capfd):
    for _ in range(5):
        lines.write("postgres", b"kept")
    lines.close()
    with server.accept() as message:
        assert [message() for _ in range(6)] == [b"kept"] * 5 + [b""]
    assert lost(capfd.readouterr().out) == 0


def test_closing_while_log_is_away_reports_all(server, lines, capfd):
    server.socket.close()
    for _ in range(20):
        lines.write("postgres", b"lost")
    lines.close()
    assert lost(capfd.readouterr().out) == 20


def test_closing_with_frozen_log_has_an_end(lines, frozen, monkeypatch, capfd):
    monkeypatch.setattr(log, "CLOSE_SECONDS", 0.1)
    lines.close()
    # Three dropped, ten waiting, one half sent.
    assert lost(capfd.readouterr().out) == 14


def test_line_after_closing_is_counted(lines):
    lines.close()
    lines.write("postgres", b"late")
    assert lines.dropped == 1
