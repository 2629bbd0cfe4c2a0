"""Hostile input is the client's error: never a fault of the server, never a lost worker, never a lost answer."""

from contextlib import suppress

import httpx
import pytest

from support import hostile
from support.raw import connected, everything, parse

ENDPOINTS = [
    *("/tweet/", "/tweet/1/", "/token/", "/schema/", "/docs/", "/admin/", "/healthcheck/", "/healthcheck/live/"),
    *("/static/x", "/metrics", "/nonexistent"),
]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]
WITH_BODY = ["GET", "POST", "PUT", "PATCH", "DELETE"]
END = b" HTTP/1.1\r\nHost: localhost\r\n"
CLOSE = b"Connection: close\r\n\r\n"

each_endpoint = pytest.mark.parametrize("path", ENDPOINTS)


@pytest.fixture(autouse=True)
def next_request_is_answered(server):
    """Whatever was sent, what comes after it is answered."""
    yield
    assert server.get("/tweet/?limit=1").status_code == 200


@pytest.fixture
def faults(server, writer):
    """Send a request by each method; return those that are neither done nor refused by a problem."""

    def ask(path, methods, **request):
        client = server if keeps_token_out(path) else writer
        answers = {method: client.request(method, path, **request) for method in methods}
        return {method: answer for method, answer in answers.items() if is_fault(answer.status_code, answer.headers)}

    return ask


@pytest.fixture
def raw_faults(send, writer):
    """The same for an address that no client would send."""
    token = f"Authorization: {writer.headers['Authorization']}\r\n".encode()

    def ask(path, segment, methods):
        end = END + (b"" if keeps_token_out(path) else token) + CLOSE
        answers = {method: send(f"{method} {path}".encode() + segment + end) for method in methods}
        return {method: answer for method, answer in answers.items() if is_fault(answer.status, answer.headers)}

    return ask


def keeps_token_out(path):
    """Whether the token that is sent along would be revoked."""
    return path == "/token/"


def is_fault(status, headers):
    return not (200 <= status < 400 or (status < 500 and headers["content-type"] == "application/problem+json"))


@each_endpoint
@pytest.mark.parametrize("document", hostile.DOCUMENTS.values(), ids=hostile.DOCUMENTS)
def test_hostile_document_is_no_fault(faults, path, document):
    assert faults(path, WITH_BODY, content=document, headers={"Content-Type": hostile.JSON}) == {}


@each_endpoint
@pytest.mark.parametrize(("body", "headers"), hostile.DISGUISES.values(), ids=hostile.DISGUISES)
def test_disguised_body_is_no_fault(faults, path, body, headers):
    assert faults(path, WITH_BODY, content=body, headers=headers) == {}


@pytest.mark.parametrize("document", hostile.DOCUMENTS.values(), ids=hostile.DOCUMENTS)
def test_hostile_change_of_an_own_tweet_is_no_fault(faults, tweet, document):
    assert faults(tweet["href"], ["PUT", "PATCH"], content=document, headers={"Content-Type": hostile.JSON}) == {}


@each_endpoint
@pytest.mark.parametrize("headers", hostile.HEADERS.values(), ids=hostile.HEADERS)
def test_hostile_headers_are_no_fault(faults, path, headers):
    assert faults(path, METHODS, headers=headers) == {}


@each_endpoint
@pytest.mark.parametrize("host", hostile.HOSTS, ids=ascii)
def test_hostile_host_is_no_fault(faults, path, host):
    assert faults(path, METHODS, headers={"Host": host}) == {}


@each_endpoint
@pytest.mark.parametrize("segment", hostile.SEGMENTS.values(), ids=hostile.SEGMENTS)
def test_hostile_path_is_no_fault(raw_faults, path, segment):
    assert raw_faults(path, segment, METHODS) == {}


@pytest.mark.parametrize("path", ["/tweet/", "/tweet/1/"])
@pytest.mark.parametrize("query", hostile.QUERIES.values(), ids=hostile.QUERIES)
def test_hostile_query_is_no_fault(faults, path, query):
    assert faults("/", ["GET", "OPTIONS"], extensions={"target": f"{path}?{query}".encode()}) == {}


@each_endpoint
def test_unknown_method_is_refused(server, path):
    assert server.request("BREW", path).status_code in {403, 404, 405}


@each_endpoint
def test_trace_is_405(server, path):
    answer = server.request("TRACE", path, headers={"X-Secret": "told"})
    assert (answer.status_code, "told" in answer.text) == (405, False)


@each_endpoint
def test_request_of_1_0_without_host_is_answered(send, path):
    assert 200 <= send(f"GET {path} HTTP/1.0\r\n\r\n".encode()).status < 500


@each_endpoint
def test_client_that_only_listens_is_answered(server, path):
    with connected(server.base_url.netloc.decode()) as connection:
        connection.sendall(b"GET " + path.encode() + END + CLOSE)
        connection.shutdown(1)
        assert 200 <= parse(everything(connection)).status < 500


@each_endpoint
def test_pipelined_requests_are_all_answered(send, path):
    one = b"HEAD " + path.encode() + END
    answers = send((one + b"\r\n") * 9 + one + CLOSE)
    assert answers.body.count(b"HTTP/1.1 ") == 9


def test_body_that_nobody_reads_loses_no_answer(server):
    assert {server.post("/nonexistent", content=bytes(2**20)).status_code for _ in range(20)} == {404}


def test_second_request_in_a_body_is_not_answered(send):
    # Who believes the length sees one request, who believes the chunks sees two.
    smuggled = b"0\r\n\r\nGET /metrics" + END + b"\r\n"
    both = b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n" % len(smuggled)
    answer = send(b"POST /tweet/" + END + both + smuggled)
    assert (answer.status, answer.body.count(b"HTTP/1.1")) == (400, 0)


@pytest.mark.parametrize("length", ["-1", "+1", "0x1", "1,1", "9" * 30, " ", "1_0", "1.0"])
def test_wrong_length_is_refused(send, length):
    answer = send(b"POST /tweet/" + END + f"Content-Length: {length}\r\n\r\nx".encode())
    assert answer.status in {400, 413}


@pytest.mark.parametrize("chunks", [b"-1\r\nx", b"g\r\n", b"f" * 17 + b"\r\nx", b"1\r\nxx\r\n", b";\r\n"])
def test_wrong_chunks_are_refused(send, chunks):
    answer = send(b"POST /tweet/" + END + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
    assert answer.status in {400, 413}


def test_client_that_leaves_in_between_is_no_fault(server):
    with connected(server.base_url.netloc.decode()) as connection, suppress(OSError):
        connection.sendall(b"POST /tweet/" + END + b'Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"')
    assert server.get("/healthcheck/live/").status_code == httpx.codes.OK


def test_no_worker_has_died(log):
    assert [line for line in log.new() if b"DAMN" in line or b"HARAKIRI" in line] == []
