"""Every line of every part is stored as one JSON object, found by the id of its request, and cannot be forged."""

import json
import uuid

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
    "long": b"x" * 7000 + b"{token}",
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


def test_given_id_is_found(server, log, text):
    given = text.replace(" ", "-")
    assert lines(log, server.get("/tweet/", headers={"X-REQUEST-ID": given}), 1)[0]["path"] == "/tweet/"


def test_error_is_found_in_both_processes(server, log):
    found = {line["process"]: line for line in lines(log, server.get("/tweet/0/"), 2)}
    assert found["uwsgi"]["level"] == "WARNING"
    assert {"status": 404, "method": "GET"}.items() <= found["uwsgi"].items() & found["nginx"].items()
    assert found["uwsgi"]["route"] == found["nginx"]["route"] != found["nginx"]["path"]


def test_line_of_a_request_tells_its_user_and_time(writer, log):
    answer = writer.get("/tweet/")
    assert not [name for name in answer.headers if name.startswith("x-log-")]
    [line] = lines(log, answer, 1)
    assert line["user"].isdigit()
    assert line["duration_ms"] >= 0
    [line] = lines(log, writer.get("/static/nowhere"), 1)
    assert {"user", "route"}.isdisjoint(line)


def test_answer_of_nginx_alone_is_found(server, log):
    assert lines(log, server.get("/metrics"), 1)[0]["status"] == 404


@pytest.mark.parametrize("path", FORGERIES.values(), ids=FORGERIES)
def test_path_makes_no_second_line(server, log, text, path):
    token = text.split()[1].encode()
    answer = server.get("/", extensions={"target": b"/nowhere" + path.replace(b"{token}", token)})
    stored = lines(log, answer, 2)
    assert {line["process"] for line in stored} == {"nginx", "uwsgi"}
    assert len([line for line in log.new() if token in line]) == len(stored) == 2


def test_header_makes_no_second_line(server, log, text):
    token = text.split()[1]
    forged = {"X-REQUEST-ID": f'{token}","message":"forged', "User-Agent": f'{token}"}}', "Referer": f"{token}\\"}
    lines(log, server.get("/tweet/", headers=forged), 1)
    assert not [line for line in log.new() if token.encode() in line]


@pytest.fixture
def asked(server, writer, log_in):
    """Make requests, good and bad, that hold secrets in all places; return the answers and what must not be stored."""
    secret, token = uuid.uuid4().hex, writer.headers["Authorization"].removeprefix("Bearer ")
    private = {"Cookie": f"sessionid={secret}", "Referer": f"http://x/?{secret}"}
    wrong = private | {"Authorization": f"Bearer {secret}"}
    query, body = {"password": secret, "limit": secret}, {"text": f"{secret} {secret * 9}"}
    answers = [
        log_in(password=secret),
        server.get("/tweet/", params=query, headers=private),
        server.get("/tweet/0/", params=query, headers=private),
        server.get("/nowhere", params=query, headers=private),
        server.get("/static/nowhere", params=query, headers=private),
        server.get("/healthcheck/live/", params=query, headers=private | {"Host": "evil"}),
        server.post("/tweet/", params=query, headers=wrong, json=body),
        server.post("/tweet/", content=secret * 40_000, headers=private),  # 413 by nginx, which has an error to log
        writer.post("/tweet/", params=query, headers=private, json=body),  # 400: too long
        writer.post("/tweet/", params=query, headers=private, content=secret),
        writer.post("/tweet/", params=query, headers=private, json={"text": secret}).raise_for_status(),
    ]
    return answers, [secret, token, PASSWORD]


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
