"""nginx' own errors have one form: problem details (RFC 9457), with an id that finds them in the log."""

import pytest

from support.parts import wait_for

END = b"\r\nHost: localhost\r\nConnection: close\r\n\r\n"
POST = b"POST /token/ HTTP/1.1\r\nHost: localhost\r\n"
# What nginx answers, and the bytes that make it do so.
REFUSED = {
    "garbage": (400, b"\0\1\2\r\n\r\n"),
    "tls": (400, bytes.fromhex("16030100a5010000a10303") + b"x" * 165),
    "http-2": (400, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "small-method": (400, b"get / HTTP/1.1" + END),
    "nul-in-path": (400, b"GET /token/%00 HTTP/1.1" + END),
    "path-above-root": (400, b"GET /../etc/passwd HTTP/1.1" + END),
    "no-host": (400, b"GET / HTTP/1.1\r\n\r\n"),
    "two-hosts": (400, b"GET / HTTP/1.1\r\nHost: a" + END),
    "two-lengths": (400, POST + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\nx"),
    "length-and-chunks": (400, POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "no-chunk": (400, POST + b"Transfer-Encoding: chunked\r\n\r\nx\r\n"),
    "folder": (404, b"GET /static/rest_framework/ HTTP/1.1" + END),
    "missing-file": (404, b"GET /static/nowhere.css HTTP/1.1" + END),
    "metrics": (404, b"GET /metrics HTTP/1.1" + END),
    "the-problem-itself": (404, b"GET /.problem HTTP/1.1" + END),
    "trace": (405, b"TRACE /token/ HTTP/1.1" + END),
    "written-file": (405, b"PUT /static/nowhere.css HTTP/1.1" + END),
    "large-chunk": (413, POST + b"Transfer-Encoding: chunked\r\n\r\n100001\r\nx"),
    "long-address": (414, b"GET /" + b"x" * 9000 + b" HTTP/1.1" + END),
    "long-header": (431, b"GET / HTTP/1.1\r\nX: " + b"x" * 9000 + END),
    "unknown-coding": (501, POST + b"Transfer-Encoding: gzip\r\n\r\n"),
    "unknown-version": (505, b"GET / HTTP/9.9" + END),
}
each_refusal = pytest.mark.parametrize(("status", "request_"), REFUSED.values(), ids=REFUSED)


@each_refusal
def test_refusal_is_a_problem(send, status, request_):
    answer = send(request_)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (answer.json()["type"], answer.json()["status"]) == ("about:blank", status)


@each_refusal
def test_refusal_has_a_title(send, status, request_):
    assert send(request_).json()["title"] not in {"", "Error"}


@each_refusal
def test_refusal_names_its_request_twice(send, status, request_):
    answer = send(request_)
    assert answer.headers["x-request-id"] == answer.json()["request_id"]


@each_refusal
def test_refusal_is_safe_in_a_browser(send, status, request_):
    headers = send(request_).headers
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
    assert (headers["referrer-policy"], headers["cross-origin-opener-policy"]) == ("same-origin", "same-origin")


@pytest.mark.parametrize("name", [name for name in REFUSED if "file" not in name and name != "folder"])
def test_refusal_is_one_line_of_the_log(send, log, name):
    status, request = REFUSED[name]
    request_id = send(request).json()["request_id"]
    wait_for(lambda: log.lines(request_id), 5, f"no line of {request_id}")
    assert [line["status"] for line in log.lines(request_id)] == [status]


def test_log_tells_the_request_and_not_its_answer(send, log):
    request_id = send(REFUSED["trace"][1]).json()["request_id"]
    [line] = wait_for(lambda: log.lines(request_id), 5, f"no line of {request_id}")
    assert (line["method"], line["path"]) == ("TRACE", "/token/")


def test_large_body_is_refused_before_it_is_sent(server):
    answer = server.post("/token/", content=bytes(20 * 2**20))
    assert (answer.status_code, answer.json()["title"]) == (413, "Content Too Large")


def test_head_is_refused_without_a_body(send):
    answer = send(b"HEAD /metrics HTTP/1.1" + END)
    assert (answer.status, answer.body) == (404, b"")


def test_refused_method_names_the_right_ones(server):
    assert server.delete("/static/nowhere.css").headers["Allow"] == "GET, HEAD"


def test_request_of_1991_is_answered_by_a_body(send):
    # HTTP/0.9 knows neither status nor headers.
    assert send(b"GET /metrics\r\n").json()["status"] == 404


def test_answer_of_the_application_is_its_own(server):
    answer = server.get("/token/")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert answer.json()["request_id"] == answer.headers["X-REQUEST-ID"]
