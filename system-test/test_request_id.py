"""Every answer carries X-REQUEST-ID: the caller's own id when it is well-formed, else a fresh one."""

import re

import pytest

HEADER = "X-REQUEST-ID"
FRESH = re.compile(r"[0-9a-f]{32}")
# Each way in which the service answers: Django, nginx by itself, a file, an error of the protocol.
ANSWERS = {
    "document": ("GET", "/schema/"),
    "not-found": ("GET", "/nowhere/"),
    "not-found-of-nginx": ("GET", "/metrics"),
    "not-found-static": ("GET", "/static/nowhere.css"),
    "folder": ("GET", "/static/"),
    "refused-method": ("TRACE", "/token/"),
    "redirect": ("GET", "/token"),
}
MALFORMED = {
    "empty": b"",
    "65-characters": b"a" * 65,
    "space": b"a b",
    "tab": b"a\tb",
    "quote": b'a","level":"CRITICAL',
    "backslash": b"a\\nb",
    "slash": b"../../etc/passwd",
    "percent": b"a%0ab",
    "comma": b"a,b",
    "tag": b"<script>",
    "utf-8": "é".encode(),
    "no-text": b"\xff\xfe",
    "8-kilobytes": b"a" * 7900,
}


@pytest.mark.parametrize("given", ["1", "a" * 64, "A-b_c.9", "0f8fad5b-d9cb-469f-a165-70867728950e"])
def test_well_formed_id_comes_back(server, given):
    assert server.get("/healthcheck/live/", headers={HEADER: given}).headers[HEADER] == given


@pytest.mark.parametrize("given", MALFORMED.values(), ids=MALFORMED)
def test_malformed_id_is_replaced(server, given):
    answer = server.get("/healthcheck/live/", headers={HEADER: given})
    assert FRESH.fullmatch(answer.headers[HEADER])


def test_two_ids_at_once_are_replaced(server):
    answer = server.get("/healthcheck/live/", headers=[(HEADER, "first"), (HEADER, "second")])
    assert FRESH.fullmatch(answer.headers[HEADER])


def test_each_request_gets_a_fresh_id(server):
    ids = {server.get("/healthcheck/live/").headers[HEADER] for _ in range(5)}
    assert len(ids) == 5


@pytest.mark.parametrize(("method", "path"), ANSWERS.values(), ids=ANSWERS)
def test_answer_of_any_kind_has_a_fresh_id(server, method, path):
    assert FRESH.fullmatch(server.request(method, path).headers[HEADER])


def test_refusal_of_a_long_address_has_an_id(server):
    assert FRESH.fullmatch(server.get("/" + "x" * 9000).headers[HEADER])


@pytest.mark.parametrize(("method", "path"), ANSWERS.values(), ids=ANSWERS)
def test_answer_of_any_kind_has_the_given_id(server, method, path):
    assert server.request(method, path, headers={HEADER: "given"}).headers.get_list(HEADER) == ["given"]
