"""search.py as it is run: by its command line, on files in a folder."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

SEARCH = Path(__file__).parent.parent / "search.py"


def line(message, /, **fields):
    """A stored line as rsyslog.conf writes it."""
    origin = {"time": "2026-11-22T08:44:09.396418+00:00", "service": "server", "process": "uwsgi", "level": "INFO"}
    return json.dumps({**origin, "message": message, **fields}) + "\n"


@pytest.fixture
def log(tmp_path):
    """The newer file, with nothing in it."""
    (tmp_path / "pod.log").touch()
    return tmp_path / "pod.log"


def append(log, text):
    """Write as rsyslog does, at the end."""
    with log.open("a") as file:
        file.write(text)


def command(log, *words):
    """The words of the command line."""
    return [sys.executable, str(SEARCH), f"--folder={log.parent}", *words]


def search(log, *words):
    """Run to the end and return what was printed; fail on an error."""
    result = subprocess.run(command(log, *words), capture_output=True, timeout=20, check=False)
    assert (result.returncode, result.stderr) == (0, b"")
    return result.stdout.decode()


def messages(log, *words):
    """The last word of each printed line."""
    return [printed.split()[-1] for printed in search(log, *words).splitlines()]


@pytest.fixture
def follow(log):
    """A search that goes on, and a function that waits for the next line it prints."""
    with subprocess.Popen(command(log, "--follow"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        append(log, line("ready"))
        guard = threading.Timer(20, process.kill)
        guard.start()
        assert process.stdout.readline().endswith(b"ready\n")
        yield process
        guard.cancel()
        process.kill()


def test_line_is_printed_in_columns(log):
    log.write_text(line("Hello, world!"))
    assert search(log) == "2026-11-22 08:44:09.396 server        INFO     Hello, world!\n"


def test_older_file_comes_first(log):
    log.with_suffix(".log.1").write_text(line("first"))
    log.write_text(line("second"))
    assert messages(log) == ["first", "second"]


def test_older_file_alone_is_read(log):
    log.rename(log.with_suffix(".log.1")).write_text(line("first"))
    assert messages(log) == ["first"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--service", "db"], ["two"]),
        (["--request-id", "a1"], ["three"]),
        (["--level", "warning"], ["two", "three"]),
        (["--level", "ERROR"], ["three"]),
        (["--service", "db", "--request-id", "a1"], []),
        (["--lines", "2"], ["two", "three"]),
        (["--lines", "1", "--service", "server", "--level", "INFO"], ["three"]),
        (["--lines", "0"], []),
    ],
)
def test_only_what_is_asked_is_printed(log, words, expected):
    last = line("three", request_id="a1", level="ERROR")
    log.write_text(line("one") + line("two", service="db", level="WARNING") + last)
    assert messages(log, *words) == expected


def test_json_is_the_stored_line(log):
    log.write_text(line("one") + line("twö", request_id="a1"))
    assert search(log, "--json", "--request-id", "a1") == line("twö", request_id="a1")


def test_traceback_is_indented_below(log):
    log.write_text(line("Boom", level="ERROR", exc_info='Traceback:\n  File "x"\nValueError: no'))
    assert search(log).splitlines()[1:] == ["    Traceback:", '      File "x"', "    ValueError: no"]


@pytest.mark.parametrize("forged", ["a\nb", "a\rb", "a\x1b[2Jb", "a\x9bb", "a\u2028b", "a\u202eb", "a\ud800b", "a\0b"])
def test_control_characters_are_escaped(log, forged):
    log.write_text(line(forged, exc_info=forged))
    assert not set(search(log)) - set(map(chr, range(32, 127))) - {"\n"}
    assert len(search(log, "--json").splitlines()) == 1


@pytest.mark.parametrize("damaged", [b'{"time":"2026', b"no json", b"[1]", b"\xff\xfe", b"", b"null", b"[" * 60_000])
def test_damaged_line_is_shown_as_it_is(log, damaged):
    log.write_bytes(damaged + b"\n" + line("next").encode())
    shown = search(log)
    assert damaged.decode(errors="backslashreplace") in shown
    assert shown.endswith("next\n")


@pytest.mark.parametrize("field", ["time", "service", "level", "message", "exc_info", "request_id"])
@pytest.mark.parametrize("value", [None, 1, {"a": []}, ["b"]], ids=["null", "number", "object", "array"])
def test_field_of_another_type_is_shown(log, field, value):
    log.write_text(line("text", **{field: value}))
    assert search(log, "--level", "INFO").count("\n") >= 1


def test_line_being_written_is_left_out(log):
    log.write_text(line("whole") + line("half")[:-20])
    assert messages(log) == ["whole"]


def test_missing_log_is_said_in_words(tmp_path):
    result = subprocess.run(command(tmp_path / "pod.log"), capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"no log in {tmp_path} - is the container log running?\n"


@pytest.mark.parametrize("words", [["--lines", "-1"], ["--lines", "x"], ["--level", "LOUD"], ["--unknown"]])
def test_wrong_option_is_refused(log, words):
    result = subprocess.run(command(log, *words), capture_output=True, text=True, check=False)
    assert (result.returncode, "Traceback" in result.stderr) == (2, False)


def test_reader_that_leaves_early_is_no_error(log):
    log.write_text(line("text") * 20_000)
    with subprocess.Popen(command(log), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_follow_prints_what_comes(log, follow):
    append(log, line("new"))
    assert follow.stdout.readline().endswith(b"new\n")


def test_follow_waits_for_the_rest_of_a_line(log, follow):
    half, rest = line("late")[:30], line("late")[30:]
    append(log, half)
    append(log, rest)
    assert follow.stdout.readline().endswith(b"late\n")


def test_follow_goes_on_after_rotation(log, follow):
    with log.open("a") as file:
        file.write(line("last"))
    log.rename(log.with_suffix(".log.1"))
    log.write_text(line("first"))
    assert [follow.stdout.readline().split()[-1] for _ in range(2)] == [b"last", b"first"]


def test_follow_waits_for_the_first_file(tmp_path):
    log = tmp_path / "pod.log"
    with subprocess.Popen(command(log, "--follow"), stdout=subprocess.PIPE) as process:
        log.write_text(line("first"))
        assert process.stdout.readline().endswith(b"first\n")
        process.kill()


def test_interrupt_ends_silently(follow):
    follow.send_signal(signal.SIGINT)
    assert (follow.wait(10), follow.stdout.read(), follow.stderr.read()) == (0, b"", b"")


def test_follow_ends_with_its_caller(log):
    with subprocess.Popen(command(log, "--follow"), stdin=subprocess.PIPE) as process:
        process.stdin.close()
        assert process.wait(10) == 0


def test_full_log_is_searched_in_seconds(log):
    log.write_text(line("x" * 200) * 100_000 + line("found", request_id="a1"))
    begin = time.monotonic()
    assert messages(log, "--request-id", "a1") == ["found"]
    assert time.monotonic() - begin < 5 * (os.cpu_count() or 1)
