"""The public port shows what it should and nothing else, and what is too large is refused in order."""

import json
import re

import pytest

from support.parts import wait_for
from support.people import PASSWORD

METRICS = [b"/metrics", b"/metrics/", b"//metrics", b"/%6detrics", b"/docs/../metrics", b"/metrics?x=1"]
LOGIN = 2**13  # bytes of a body, sites.conf
PRIVATE = ["/__debug__/", "/.env", "/.git/config", "/manage.py", "/run/secrets/", "/nginx_status"]


@pytest.mark.parametrize("target", METRICS)
def test_metrics_are_404(server, target):
    assert server.get("/", extensions={"target": target}).status_code == 404


@pytest.mark.parametrize("path", PRIVATE)
def test_private_page_is_404(server, path):
    assert server.get(path).status_code == 404


def test_not_found_shows_no_debug_page(server):
    answer = server.get("/nowhere/", headers={"Accept": "text/html"})
    assert "urlconf" not in answer.text.lower()


@pytest.mark.parametrize("path", ["/schema/", "/nowhere/", "/metrics", "/static/nowhere.css"])
def test_no_version_is_told(server, path):
    answer = server.get(path)
    told = " ".join([answer.headers["Server"], answer.headers.get("X-Powered-By", "")])
    assert not re.search(r"\d", told)
    assert not re.search(r"nginx/\d", answer.text)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.example:8080"])
def test_unknown_host_is_400(server, host):
    answer = server.get("/schema/", headers={"Host": host})
    assert (answer.status_code, "evil" in answer.text) == (400, False)


def test_forwarded_host_is_not_believed(server, description):
    forged = {"X-Forwarded-Host": "evil.example"}
    assert [path for path in description.paths() if "evil" in server.get(path, headers=forged).text] == []


@pytest.mark.parametrize("header", ["X-Forwarded-Proto", "X_Forwarded_Proto", "Forwarded"])
def test_forged_scheme_is_not_believed(server, header):
    answer = server.get("/schema/", headers={header: "proto=https" if header == "Forwarded" else "https"})
    assert "Strict-Transport-Security" not in answer.headers


def test_forged_address_is_not_believed(server, log):
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Real-IP": "203.0.113.9"}
    request_id = server.get("/schema/", headers=forged).headers["X-REQUEST-ID"]
    [line] = wait_for(lambda: log.lines(request_id), 5, f"no line of {request_id}")
    assert line["remote"] != "203.0.113.9"


@pytest.mark.parametrize(("path", "most"), [("/token/", LOGIN), ("/schema/", 2**20)])
def test_longer_body_is_413(server, path, most):
    assert server.post(path, content=bytes(most + 1)).status_code == 413


def test_longest_body_reaches_the_application(server):
    assert server.post("/schema/", content=bytes(2**20)).status_code == 405


def test_longest_login_is_read(writer, log_in):
    around = len(json.dumps({"username": "", "password": PASSWORD}, separators=(",", ":")))
    assert log_in(username="x" * (LOGIN - around)).status_code == 400


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_headers_that_nginx_accepts_reach_the_application(server, count):
    # 8 KB is the longest line that nginx takes.
    headers = {f"Cookie{number or ''}": "x" * 8100 for number in range(count)}
    assert server.get("/schema/", headers=headers).status_code == 200


def test_longest_address_and_headers_reach_the_application(server):
    # nginx has one buffer of 8 KB for the address and three for the headers, the first with the client's own ones.
    headers = {"X-First": "x" * 7900, "X-Second": "x" * 8100, "X-Third": "x" * 8100}
    answer = server.get(f"/schema/?q={'x' * 8150}", headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "q")


def test_many_headers_reach_the_application(server):
    assert server.get("/schema/", headers={f"X-{number}": "x" for number in range(200)}).status_code == 200


@pytest.mark.parametrize("kilobytes", [16, 64])
def test_longer_cookie_is_431(server, kilobytes):
    assert server.get("/schema/", headers={"Cookie": "x" * kilobytes * 1024}).status_code == 431


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "DEBUG"])
def test_strange_method_is_405(server, method):
    assert server.request(method, "/token/").status_code in {400, 405}


@pytest.mark.parametrize("path", ["/schema/", "/healthcheck/"])
def test_answer_has_the_safe_headers(server, path):
    headers = server.get(path).headers
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
