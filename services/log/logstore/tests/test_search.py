"""The search as it is run: by its command line, on files in a folder."""

import json
import os
import signal
import subprocess
import threading
import time

import pytest

from logstore.tests.support import ENVIRONMENT, append, command, compressed, line, messages, search


@pytest.fixture
def follow(log):
    """A search that goes on, and a function that waits for the next line it prints."""
    with subprocess.Popen(
        command(log, "--follow"), env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
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


def test_duration_and_id_of_a_request_are_shown(log):
    log.write_text(line("GET /a 200", request_id="3f2c", duration_ms=12))
    assert search(log).endswith(" INFO     GET /a 200  12 ms  [3f2c]\n")


@pytest.mark.parametrize("char", "\x7f\x9b\x85\u2028\u202e\u2066\u200b\ue000\U000e0041", ids=ascii)
@pytest.mark.parametrize("words", [[], ["--json"]], ids=["columns", "json"])
def test_control_character_is_never_printed_raw(log, words, char):
    # As rsyslog stores them, which resolves the escapes of JSON.
    log.write_text(line("aXb").replace("X", char), encoding="utf-8")
    output = search(log, *words)
    assert char not in output
    assert not words or json.loads(output)["message"] == f"a{char}b"


def test_older_files_come_first(log):
    for number in (2, 9):
        compressed(log, number, line(f"file{number}"))
    log.with_suffix(".log.10").write_text(line("file10"))
    log.write_text(line("newest"))
    assert messages(log) == ["file2", "file9", "file10", "newest"]
    assert messages(log, "--lines", "3") == ["file9", "file10", "newest"]


@pytest.mark.parametrize("wanted", range(6))
def test_last_lines_are_counted_across_files(log, wanted):
    for number in (1, 2):
        compressed(log, number, line(f"{number}a") + line("noise", service="db") + line(f"{number}b"))
    log.write_text(line("noise", service="db") + line("3a"))
    expected = ["1a", "1b", "2a", "2b", "3a"]
    assert messages(log, "--service", "server", "--lines", str(wanted)) == expected[5 - wanted :]


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


@pytest.mark.parametrize(("level", "colour"), [("INFO", ""), ("WARNING", "\033[33m"), ("ERROR", "\033[31m")])
def test_level_has_its_colour(log, level, colour):
    log.write_text(line("text", level=level))
    assert search(log, "--colour").startswith(f"{colour}2026")
    assert "\033" not in search(log)


def test_statement_is_indented_below(log):
    log.write_text(line("slow", statement="SELECT 1\nFROM item"))
    assert search(log).splitlines()[1:] == ["    SELECT 1", "    FROM item"]


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
    result = subprocess.run(command(tmp_path / "pod.log"), env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"no log in {tmp_path} - is the container log running?\n"


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("--lines=-1", "'-1'"),
        ("--lines=x", "'x'"),
        ("--level=LOUD", "'LOUD'"),
        ("--since=never", "'never' is not a time - give 90s, 10m, 2h, 1d or 2026-11-22T08:44"),
        ("--since=5y", "'5y' is not a time"),
        ("--since=0001-01-01T00:00+12:00", "is not a time"),
        ("--grep=(", "'(' is not a regular expression: missing )"),
        ("--unknown", "--unknown"),
    ],
)
def test_wrong_option_is_told_in_one_line(log, word, told):
    result = subprocess.run(command(log, word), env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert told in result.stderr


def test_reader_that_leaves_early_is_no_error(log):
    log.write_text(line("text") * 20_000)
    with subprocess.Popen(command(log), env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
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
    append(log, line("last"))
    log.rename(log.with_suffix(".log.1"))
    log.write_text(line("first"))
    assert [follow.stdout.readline().split()[-1] for _ in range(2)] == [b"last", b"first"]


def test_follow_reads_files_that_came_and_were_compressed_meanwhile(log, follow):
    os.kill(follow.pid, signal.SIGSTOP)
    compressed(log, 1, log.read_text() + line("one"))
    compressed(log, 2, line("two"))
    log.with_suffix(".log.3").write_text(line("three"))
    log.write_text(line("four"))
    os.kill(follow.pid, signal.SIGCONT)
    assert [follow.stdout.readline().split()[-1] for _ in range(4)] == [b"one", b"two", b"three", b"four"]


def test_follow_waits_for_the_first_file(tmp_path):
    log = tmp_path / "pod.log"
    with subprocess.Popen(command(log, "--follow"), env=ENVIRONMENT, stdout=subprocess.PIPE) as process:
        log.write_text(line("first"))
        assert process.stdout.readline().endswith(b"first\n")
        process.kill()


def test_interrupt_ends_silently(follow):
    follow.send_signal(signal.SIGINT)
    assert (follow.wait(10), follow.stdout.read(), follow.stderr.read()) == (0, b"", b"")


def test_follow_ends_with_its_caller(log):
    with subprocess.Popen(command(log, "--follow"), env=ENVIRONMENT, stdin=subprocess.PIPE) as process:
        process.stdin.close()
        assert process.wait(10) == 0


def test_full_log_is_searched_in_seconds(log):
    log.write_text(line("x" * 200) * 100_000 + line("found", request_id="a1"))
    begin = time.monotonic()
    assert messages(log, "--request-id", "a1") == ["found"]
    assert time.monotonic() - begin < 5 * (os.cpu_count() or 1)
