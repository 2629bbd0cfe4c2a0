"""Lines on their way to standard output and to the log, which may be away, frozen or back again."""

import contextlib
import itertools
import os
import queue
import re
import socket
import threading

import pytest

from supervisor import counters, shipper
from supervisor.reader import LINE_BYTES
from supervisor.shipper import Lines, Log

BIG = b"x" * LINE_BYTES


class Server:
    """A stand-in for the container `log`: a port that acknowledges lines, frozen until it accepts."""

    def __init__(self, address=("127.0.0.1", 0)):
        self.socket = socket.create_server(address)
        self.socket.settimeout(10)
        self.address = self.socket.getsockname()

    @contextlib.contextmanager
    def accept(self):
        """Take a connection; give a function that reads and acknowledges the next message, without its head."""
        with self.frames() as frame:
            frame(b"200 OK\nrelp_version=0\ncommands=syslog")
            yield lambda: frame(b"200 OK").partition(b" - - ")[2]

    @contextlib.contextmanager
    def frames(self):
        """Take a connection; give a function that reads a frame and answers it."""
        connection, _ = self.socket.accept()
        connection.settimeout(10)
        with connection, connection.makefile("rb") as file:
            yield lambda answer: exchange(connection, file, answer)


def exchange(connection, file, answer):
    """Read a frame, `NUMBER COMMAND SIZE DATA`, and answer it; return its data, empty at the end."""
    head = b""
    while head.count(b" ") < 3 and (byte := file.read(1)).strip(b"\n"):
        head += byte
    number, _, size, *_ = [*head.split(b" "), b"0", b"0", b"0"]
    data = file.read(int(size))
    if int(size):
        file.read(1)
        connection.sendall(b"%s rsp %d %s\n" % (number, len(answer), answer))
    return data


@pytest.fixture
def server():
    """A log that listens and has not yet taken anything."""
    server = Server()
    with server.socket:
        yield server


@pytest.fixture
def lines(server, monkeypatch, tmp_path):
    """The lines of the service `db` on their way to the server, ten of the longest waiting at most."""
    monkeypatch.setattr(shipper, "QUEUE_BYTES", 10 * LINE_BYTES)
    lines = Log("db", server.address, tmp_path)
    yield lines
    server.socket.close()
    lines.close()


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


def test_line_is_printed_and_sent(server, lines, capfd):
    lines.write("postgres", b"hello")
    with server.accept() as message:
        assert message() == b"hello"
    assert capfd.readouterr().out == "hello\n"


def test_sent_line_names_time_service_and_process(server, lines):
    lines.write("postgres", b"hello")
    with server.frames() as frame:
        assert b"commands=syslog" in frame(b"200 OK\ncommands=syslog")
        assert re.fullmatch(rb"<14>1 \S+T\S+\+00:00 - db postgres - - hello", frame(b"200 OK"))


def test_lines_wait_while_log_is_away(tmp_path):
    with Server().socket as away:
        address = away.getsockname()
    lines = Log("db", address, tmp_path)
    lines.write("postgres", b"early")
    back = Server(address)
    with back.socket, back.accept() as message:
        assert message() == b"early"
        lines.close()


def test_line_that_was_not_acknowledged_is_sent_again(server, lines):
    lines.write("postgres", b"twice")
    with server.frames() as frame:
        frame(b"200 OK\ncommands=syslog")
    with server.accept() as message:
        assert message() == b"twice"


def test_log_that_is_back_gets_every_line(server, lines):
    for number in range(5):
        lines.write("postgres", b"%d" % number)
        with server.accept() as message:
            assert message() == b"%d" % number


def test_lines_that_came_together_are_printed_and_sent_one_by_one(server, lines, capfd):
    lines.write_all("postgres", [("2026-11-27T10:00:00.000000+00:00", b"first"), ("", b"second")])
    with server.accept() as message:
        assert [message(), message()] == [b"first", b"second"]
    assert capfd.readouterr().out == "first\nsecond\n"
    assert lines.sent == 2


def test_answer_may_come_in_parts_and_beside_a_hint(server, lines, eventually):
    lines.write_all("postgres", [("", b"first"), ("", b"second")])
    connection, _ = server.socket.accept()
    with connection, connection.makefile("rb") as file:
        exchange(connection, file, b"200 OK\ncommands=syslog")
        file.readline(), file.readline()
        for part in (b"2 rsp 6 2", b"00 OK\n0 serverclose 0\n3 rsp", b" 6 200 OK\n"):
            connection.sendall(part)
        eventually(lambda: lines.stored == 2)


def test_short_lines_wait_in_greater_number(server, lines):
    server.socket.close()
    for _ in range(1000):
        lines.write("postgres", b"short")
    assert lines.dropped == 0


def test_queue_of_a_size_is_full():
    lines = Lines(3 * LINE_BYTES)
    for _ in range(3):
        lines.put_nowait([BIG])
    with pytest.raises(queue.Full):
        lines.put_nowait([b"short"])


def test_lines_that_came_together_take_the_room_of_all():
    lines = Lines(3 * LINE_BYTES)
    lines.put_nowait([BIG] * 3)
    with pytest.raises(queue.Full):
        lines.put_nowait([b"short"])


def test_line_that_is_taken_makes_room():
    lines = Lines(LINE_BYTES)
    lines.put_nowait([BIG])
    assert lines.get_nowait() == [BIG]
    lines.put_nowait([BIG])


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
    assert (stored + dropped, lines.dropped) == (frozen, dropped)


def test_closing_sends_what_is_queued(server, lines, capfd):
    for _ in range(5):
        lines.write("postgres", b"kept")
    closing = threading.Thread(target=lines.close)
    closing.start()
    with server.accept() as message:
        assert [message() for _ in range(6)] == [b"kept"] * 5 + [b""]
    closing.join()
    assert lost(capfd.readouterr().out) == 0


def test_closing_while_log_is_away_reports_all(server, lines, capfd):
    server.socket.close()
    for _ in range(20):
        lines.write("postgres", b"lost")
    lines.close()
    assert lost(capfd.readouterr().out) == 20


def test_closing_with_frozen_log_has_an_end(lines, frozen, monkeypatch, capfd):
    monkeypatch.setattr(shipper, "CLOSE_SECONDS", 0.1)
    lines.close()
    assert lost(capfd.readouterr().out) == frozen


def test_line_after_closing_is_counted(lines):
    lines.close()
    lines.write("postgres", b"late")
    assert lines.dropped == 1


def test_counters_add_up_and_go_on_after_a_restart(server, lines, tmp_path, monkeypatch):
    monkeypatch.setattr(shipper, "CLOSE_SECONDS", 0.1)
    lines.write("postgres", b"stored")
    with server.accept() as message:
        message()
    lines.write("postgres", b"lost")
    lines.close()
    assert counters.read("db", tmp_path) == {shipper.SENT: 2, shipper.DROPPED: 1, shipper.WAITING: 0}
    again = Log("db", server.address, tmp_path)
    again.write("postgres", b"third")
    assert (again.sent, again.dropped) == (3, 1)
    again.close()


def test_damaged_counters_begin_anew(tmp_path):
    (tmp_path / "db.prom").write_bytes(b"\xff pod_log_lines_sent_total")
    assert counters.read("db", tmp_path) == {}
