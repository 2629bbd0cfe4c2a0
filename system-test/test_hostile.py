"""Hostile input is the client's error: never a fault of the server, never a lost worker, never a lost answer."""

import json
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest

from support import hostile
from support.raw import connected, everything, parse

# One for each way in which the service answers.
ENDPOINTS = ["/token/", "/schema/", "/docs/", "/admin/", "/healthcheck/", "/static/x", "/metrics", "/nonexistent"]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]
WITH_BODY = ["GET", "POST", "PUT", "PATCH", "DELETE"]
READING = ["GET", "OPTIONS"]
END = b" HTTP/1.1\r\nHost: localhost\r\n"
CLOSE = b"Connection: close\r\n\r\n"


@pytest.fixture(autouse=True)
def next_request_is_answered(server):
    """After any hostile request, the next one is answered."""
    yield
    assert server.get("/healthcheck/").status_code == 200


@pytest.fixture(scope="module")
def endpoints(description):
    """Every path of the description, and those that it leaves out."""
    return sorted({*ENDPOINTS, *description.paths()})


@pytest.fixture(scope="module")
def created(description, writer):
    """The path of an object of each resource that can be created."""
    answers = [writer.post(path, json=example) for path, example in description.examples().items()]
    return [urlsplit(answer.raise_for_status().headers["Location"]).path for answer in answers]


@pytest.fixture
def faults(server, writer, description, endpoints):
    """Send a request to each endpoint by each method; return those that are neither done nor refused by a problem."""

    def answers(methods, paths, body, request):
        for path in paths:
            client = server if keeps_token_out(path) else writer
            content = in_field(body, description.text_fields(path))
            yield from [(method, path, client.request(method, path, content=content, **request)) for method in methods]

    def faults(methods, paths=endpoints, content=None, **request):
        return [answer for answer in answers(methods, paths, content, request) if is_fault(answer[2])]

    return faults


@pytest.fixture
def raw_faults(send, writer, endpoints):
    """Do the same for an address that no client would send: the bytes after the path of an endpoint."""
    token = f"Authorization: {writer.headers['Authorization']}\r\n".encode()

    def raw_faults(segment, methods):
        requests = [(method, path) for path in endpoints for method in methods]
        answers = {(method, path): send(request(method, path, segment)) for method, path in requests}
        return {request: answer for request, answer in answers.items() if is_fault(answer)}

    def request(method, path, segment):
        end = END + (b"" if keeps_token_out(path) else token) + CLOSE
        return f"{method} {path}".encode() + segment + end

    return raw_faults


def keeps_token_out(path):
    """Whether the token that is sent along would be revoked."""
    return path.startswith("/token/")


def in_field(document, fields):
    """The document with its field under the name of one that is read."""
    return document.replace(b'"text"', json.dumps(fields[0]).encode()) if document and fields else document


def is_fault(answer):
    """Whether an answer is neither that of a request that was done nor a problem of the client."""
    status = answer.status_code if isinstance(answer, httpx.Response) else answer.status
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    return not (200 <= status < 400 or (status < 500 and is_problem))


@pytest.mark.parametrize("document", hostile.DOCUMENTS.values(), ids=hostile.DOCUMENTS)
def test_hostile_document_is_no_fault(faults, document):
    assert faults(WITH_BODY, content=document, headers={"Content-Type": hostile.JSON}) == []


@pytest.mark.parametrize(("body", "headers"), hostile.DISGUISES.values(), ids=hostile.DISGUISES)
def test_disguised_body_is_no_fault(faults, body, headers):
    assert faults(WITH_BODY, content=body, headers=headers) == []


@pytest.mark.parametrize("document", hostile.DOCUMENTS.values(), ids=hostile.DOCUMENTS)
def test_hostile_change_of_an_own_object_is_no_fault(faults, created, document):
    assert faults(["PUT", "PATCH"], created, document, headers={"Content-Type": hostile.JSON}) == []


@pytest.mark.parametrize("headers", hostile.HEADERS.values(), ids=hostile.HEADERS)
def test_hostile_headers_are_no_fault(faults, headers):
    assert faults(METHODS, headers=headers) == []


@pytest.mark.parametrize("host", hostile.HOSTS, ids=ascii)
def test_hostile_host_is_no_fault(faults, host):
    assert faults(METHODS, headers={"Host": host}) == []


@pytest.mark.parametrize("segment", hostile.SEGMENTS.values(), ids=hostile.SEGMENTS)
def test_hostile_path_is_no_fault(raw_faults, segment):
    assert raw_faults(segment, METHODS) == {}


@pytest.mark.parametrize("query", hostile.QUERIES.values(), ids=hostile.QUERIES)
def test_hostile_query_is_no_fault(writer, endpoints, query):
    targets = [f"{path}?{query}".encode() for path in endpoints if not keeps_token_out(path)]
    answers = [
        writer.request(method, "/raw/", extensions={"target": target}) for target in targets for method in READING
    ]
    assert [answer for answer in answers if is_fault(answer)] == []


@pytest.mark.parametrize("value", hostile.VALUES, ids=ascii)
def test_hostile_value_of_a_described_parameter_is_no_fault(writer, description, value):
    targets = [f"{path}?{name}={value}".encode() for path, name in description.queries()]
    answers = [writer.get("/raw/", extensions={"target": target}) for target in targets]
    assert [answer for answer in answers if is_fault(answer)] == []


each_endpoint = pytest.mark.parametrize("path", ENDPOINTS)


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


def test_second_request_in_a_body_is_not_answered(send):
    # Who believes the length sees one request, who believes the chunks sees two.
    smuggled = b"0\r\n\r\nGET /metrics" + END + b"\r\n"
    both = b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n" % len(smuggled)
    answer = send(b"POST /token/" + END + both + smuggled)
    assert (answer.status, answer.body.count(b"HTTP/1.1")) == (400, 0)


@pytest.mark.parametrize("length", ["-1", "+1", "0x1", "1,1", "9" * 30, " ", "1_0", "1.0"])
def test_wrong_length_is_refused(send, length):
    answer = send(b"POST /token/" + END + f"Content-Length: {length}\r\n\r\nx".encode())
    assert answer.status in {400, 413}


@pytest.mark.parametrize("chunks", [b"-1\r\nx", b"g\r\n", b"f" * 17 + b"\r\nx", b"1\r\nxx\r\n", b";\r\n"])
def test_wrong_chunks_are_refused(send, chunks):
    answer = send(b"POST /token/" + END + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
    assert answer.status in {400, 413}


def test_client_that_leaves_in_between_is_no_fault(server):
    with connected(server.base_url.netloc.decode()) as connection, suppress(OSError):
        connection.sendall(b"POST /token/" + END + b'Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"')
    assert server.get("/healthcheck/live/").status_code == httpx.codes.OK


def test_no_worker_has_died(log):
    assert [line for line in log.new() if b"DAMN" in line or b"HARAKIRI" in line] == []
