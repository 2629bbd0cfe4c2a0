"""Decisions of nginx about requests and responses: hosts, slashes, compression, control characters."""

import re

import httpx
import pytest

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
PATHS = ["/token/", "/token/all/", "/schema/", "/docs/", "/docs/redoc/", "/healthcheck/", "/healthcheck/live/"]
READ = [*PATHS, "/nowhere/", "/static/x", "/%00"]
CONTROLS = ["%00", "%01", "%07", "%0a", "%0d%0aX-Injected:1", "%1b%5b31m", "%7f", "%c2%85"]


@pytest.fixture(scope="module")
def paths(description):
    """Every path that has no argument, those of the description as well."""
    return sorted({*PATHS, *(path for path in description.paths() if "{" not in path and path != "/")})


def test_path_without_slash_keeps_the_method(server, paths):
    answers = {
        (method, path): server.request(method, f"{path[:-1]}?a=b", headers={"Host": "localhost:777"})
        for path in paths
        for method in METHODS
    }
    assert {answer.status_code for answer in answers.values()} == {308}
    assert {key: answer.headers["Location"] for key, answer in answers.items()} == {
        (method, path): f"{path}?a=b" for method, path in answers
    }


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_every_response_varies_by_encoding(server, paths, method, encoding):
    for path in [*paths, *READ]:
        answer = server.request(method, path, headers={"Accept-Encoding": encoding})
        assert "Accept-Encoding" in re.split(", *", answer.headers["Vary"]), path


def test_unchanged_response_varies_by_encoding(server, send):
    tag = server.get("/schema/", headers={"Accept-Encoding": "identity"}).headers["ETag"]
    request = f"GET /schema/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nIf-None-Match: {tag}\r\n\r\n"
    answer = send(request.encode())
    assert (answer.status, "Accept-Encoding" in answer.headers["vary"]) == (304, True)


@pytest.mark.parametrize("via", [{}, {"Via": "1.1 proxy"}], ids=["direct", "through a proxy"])
def test_type_with_a_parameter_is_compressed(server, via):
    answer = server.get("/schema/", headers={"Accept-Encoding": "gzip", **via})
    assert answer.headers["Content-Type"] == "application/vnd.oai.openapi+json;version=3.1"
    assert answer.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("target", ["http://other.example:80/schema/", "HTTP://user@localhost/schema/"])
def test_host_of_the_target_is_refused_if_it_is_unknown(send, target):
    assert send(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()).status == 400


@pytest.mark.parametrize("target", ["http://localhost:777/schema/", "HTTP://LOCALHOST/schema/"])
def test_host_of_the_target_counts_before_the_header(send, target):
    assert send(f"GET {target} HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n".encode()).status == 200


@pytest.mark.parametrize("control", CONTROLS)
def test_control_character_reaches_no_header(server, paths, control):
    for path in [*paths, "/static/", "/nowhere/"]:
        answer = server.get(f"{path}{control}")
        assert answer.status_code in {308, 400, 404}, path
        assert not re.search(r"[\x00-\x1f\x7f]", answer.headers.get("Location", "")), path
        assert "X-Injected" not in answer.headers, path


@pytest.mark.parametrize("line", [b"GET /schema/\x01 HTTP/1.1\r\n", b"GET /schema/ HTTP/1.1\r\nX: a\x00b\r\n"])
def test_raw_control_character_is_refused(send, line):
    assert send(line + b"Host: localhost\r\nConnection: close\r\n\r\n").status == httpx.codes.BAD_REQUEST


@pytest.mark.parametrize("path", ["/token/", "/admin/login/"])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_large_body_of_a_login_is_refused_unread(server, path, kind):
    answer = server.post(path, content=b"x" * 9000, headers={"Content-Type": kind})
    assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
