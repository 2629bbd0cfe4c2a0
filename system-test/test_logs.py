"""Every line of every part is stored as one JSON object, found by the id of its request, and cannot be forged."""

import json

import pytest

from support.parts import wait_for
from support.people import PASSWORD

SERVICES = {"server", "db", "log", "metrics"}
LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
# The form: docs/logs.md.
ALWAYS = ["time", "service", "process", "level", "logger", "message"]
TEXTS = [*ALWAYS, "request_id", "method", "route", "user"]
# What a path may bring that could end a line, a string or the reader's patience.
FORGERIES = {
    "newline": b"%0a{token}",
    "object": b'%0d%0a{"message":"{token}"}',
    "quote": b"%22,%22level%22:%22CRITICAL%22,%22x%22:%22{token}",
    "escape": b"%1b[31m{token}",
    "backslash": b"%5c%22{token}",
    "no-text": b"%ff%fe%c0%af%ed%a0%80{token}",
    "separator": b"%e2%80%a8{token}",
    "long": b"{token}" + b"x" * 7000,
}
SECONDS = 5


def lines(log, answer, count):
    """The stored lines of an answer's request, once there are so many of them."""
    request_id = answer.headers["X-REQUEST-ID"]
    wait_for(lambda: len(log.lines(request_id)) >= count, SECONDS, f"fewer than {count} lines of {request_id}")
    return log.lines(request_id)


def test_request_is_found_by_its_id(server, log):
    [line] = lines(log, server.get("/healthcheck/live/"), 1)
    assert (line["service"], line["process"], line["message"]) == ("server", "nginx", "GET /healthcheck/live/ 200")


def test_given_id_is_found(server, log, word):
    answer = server.get("/schema/", headers={"X-REQUEST-ID": f"system-test-{word}"})
    assert lines(log, answer, 1)[0]["path"] == "/schema/"


def test_error_is_found_in_both_processes(server, log):
    stored = {line["process"]: line for line in lines(log, server.get("/token/"), 2)}
    assert stored["uwsgi"]["level"] == "WARNING"
    assert {"status": 405, "method": "GET"}.items() <= stored["uwsgi"].items() & stored["nginx"].items()
    assert stored["uwsgi"]["route"] == stored["nginx"]["route"] != stored["nginx"]["path"]


def test_line_of_a_request_tells_its_user_and_time(writer, log):
    answer = writer.options("/token/")
    assert not [name for name in answer.headers if name.startswith("x-log-")]
    [line] = lines(log, answer, 1)
    assert line["user"].isdigit()
    assert line["duration_ms"] >= 0
    [line] = lines(log, writer.get("/static/nowhere"), 1)
    assert {"user", "route"}.isdisjoint(line)


def test_answer_of_nginx_alone_is_found(server, log):
    assert lines(log, server.get("/metrics"), 1)[0]["status"] == 404


@pytest.mark.parametrize("path", FORGERIES.values(), ids=FORGERIES)
def test_path_makes_no_second_line(server, log, word, path):
    token = word.encode()
    answer = server.get("/", extensions={"target": b"/nowhere" + path.replace(b"{token}", token)})
    stored = lines(log, answer, 2)
    assert {line["process"] for line in stored} == {"nginx", "uwsgi"}
    assert len([line for line in log.new() if token in line]) == len(stored) == 2


def test_header_makes_no_second_line(server, log, word):
    forged = {"X-REQUEST-ID": f'{word}","message":"forged', "User-Agent": f'{word}"}}', "Referer": f"{word}\\"}
    lines(log, server.get("/schema/", headers=forged), 1)
    assert not [line for line in log.new() if word.encode() in line]


@pytest.fixture
def asked(server, writer, log_in, description, word):
    """Make requests, good and bad, that hold a secret in all places; return the answers and what must not be stored."""
    token = writer.headers["Authorization"].removeprefix("Bearer ")
    private = {"Cookie": f"sessionid={word}", "Referer": f"http://x/?{word}"}
    wrong = private | {"Authorization": f"Bearer {word}"}
    query = {"password": word, "limit": word}
    bodies = {path: dict.fromkeys(description.text_fields(path), word) for path in description.examples()}
    answers = [
        log_in(password=word),
        log_in(username=[word]),
        log_in(),
        *(
            server.get(path, params=query, headers=private)
            for path in [*description.paths(), "/nowhere", "/static/nowhere"]
        ),
        server.get("/healthcheck/live/", params=query, headers=private | {"Host": "evil"}),
        server.get("/schema/", params=query, headers=private | {"Host": "evil"}),
        server.get("/token/", params=query, headers=wrong),
        server.post("/token/", content=word * 40_000, headers=private),  # 413 by nginx, which has an error to log
        *(writer.post(path, params=query, headers=private, json=body) for path, body in bodies.items()),
        *(writer.post(path, params=query, headers=private, content=word) for path in bodies),
    ]
    return answers, [word, token, PASSWORD]


def test_secrets_are_not_stored(log, asked):
    answers, secrets = asked
    for answer in answers:
        lines(log, answer, 1)
    assert {401, 400, 404, 413, 201} <= {answer.status_code for answer in answers}
    assert not [line for line in log.all() if any(secret.encode() in line for secret in secrets)]


def has_form(entry):
    """Are the fields of a line those of the form?"""
    texts = all(isinstance(entry[name], str) and entry[name] for name in TEXTS if name in entry or name in ALWAYS)
    numbers = all(
        isinstance(entry.get(name, 0), kind) for name, kind in [("status", int), ("duration_ms", int | float)]
    )
    return texts and numbers and entry["level"] in LEVELS and entry["time"][19] == "." and "+00:00" in entry["time"]


def test_every_stored_line_has_the_form(log):
    assert [line for line in log.all() if not has_form(json.loads(line))] == []


def test_all_services_are_stored(log):
    assert {json.loads(line)["service"] for line in log.all()} >= SERVICES
