"""Every line of every part is stored as one JSON object, found by the id of its request, and cannot be forged."""

import json

import pytest
from parts import wait_for

SERVICES = {"server", "db", "log", "metrics"}
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
    assert found["nginx"]["status"] == found["uwsgi"]["status_code"] == 404
    assert found["uwsgi"]["level"] == "WARNING"


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


def test_secret_of_a_request_is_not_stored(server, log, text):
    token = text.split()[1]
    lines(log, server.get(f"/tweet/?password={token}", headers={"Authorization": token, "Cookie": token}), 1)
    assert not [line for line in log.new() if token.encode() in line]


def test_every_stored_line_is_an_object_with_its_origin(log):
    for line in log.all():
        entry = json.loads(line)
        assert all(isinstance(entry[key], str) for key in ["time", "service", "process", "message"]), line


def test_all_services_are_stored(log):
    assert {json.loads(line)["service"] for line in log.all()} >= SERVICES
