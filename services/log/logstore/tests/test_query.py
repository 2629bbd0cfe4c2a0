"""Which lines are found: by time, by message, by the id of a request."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from logstore.tests.support import compressed, line, messages, search


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2026-11-22", ["one", "two", "three"]),
        ("2026-11-22T10:00:00", ["two", "three"]),
        ("2026-11-22 10:00:00.000001", ["three"]),
        ("2026-11-22T11:00:00.000001+01:00", ["three"]),
        ("2026-11-22T12:00:00Z", []),
        ("99999d", ["one", "two", "three"]),
        ("1s", []),
    ],
)
def test_lines_since_a_time(log, since, expected):
    times = {"one": "09:59:59.999999", "two": "10:00:00.000000", "three": "10:00:00.000001"}
    log.write_text("".join(line(name, time=f"2026-11-22T{time}+00:00") for name, time in times.items()))
    assert messages(log, "--since", since) == expected


def test_lines_of_the_last_minutes(log):
    now = datetime.now(UTC)
    ages = {"old": 700, "new": 500}
    log.write_text("".join(line(name, time=(now - timedelta(seconds=age)).isoformat()) for name, age in ages.items()))
    assert messages(log, "--since", "10m") == ["new"]


def test_late_line_is_found_by_its_own_time(log):
    log.write_text(
        "".join(line(f"at{hour}", time=f"2026-11-22T{hour}:00:00.000000+00:00") for hour in (10, 12, 11, 13))
    )
    assert messages(log, "--since", "2026-11-22T11:30") == ["at12", "at13"]


def test_file_written_before_that_time_is_left_out(log):
    compressed(log, 1, line("old"))
    os.utime(log.with_name("pod.log.1.gz"), (1e9, 1e9))
    log.write_text(line("new"))
    assert messages(log, "--since", "2026-11-01") == ["new"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("say", ["say", "say/it", "pay"]),
        ("SAY", []),
        ("(?i)SAY", ["say", "say/it", "pay"]),
        ("^say", ["say", "say/it"]),
        ("say/", ["say/it"]),
        ("say$", ["say", "pay"]),
        ("^.ay$", ["say"]),
        ('"say', ["pay"]),
        (r"\bit\b", ["say/it"]),
        ("server", []),
        ("ü", ["süß"]),
        ("ß|it", ["say/it", "süß"]),
        ("-", []),
    ],
)
def test_lines_whose_message_matches(log, expression, expected):
    log.write_text(line("say") + line("say/it").replace("/", "\\/") + line('"say" or say') + line("süß"))
    found = [printed.split(maxsplit=4)[4] for printed in search(log, f"--grep={expression}").splitlines()]
    assert found == [{"pay": '"say" or say'}.get(word, word) for word in expected]


@pytest.mark.parametrize("text", ["a.b", "a/b", 'a"b', "a b", "ä", "a\\b", "[", "a-b_c"])
def test_any_request_id_is_found(log, text):
    log.write_text(line("one", request_id=text) + line("two", request_id="axb", other=text))
    assert messages(log, "--request-id", text) == ["one"]


@pytest.mark.parametrize("text", ["42", "no json", '{"message":["42"]}'])
def test_line_without_a_text_as_message_is_searched(log, text):
    log.write_text(line("one") + text + "\n" + line(42))
    assert messages(log, "--grep", "json|42")[-1] == "42"
    assert len(messages(log, "--grep", "json|42")) == 2
