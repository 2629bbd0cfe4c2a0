"""Nothing that a request holds makes a line of the log, or a field of one, but by the form of the log."""

import base64
import json
from urllib.parse import quote_from_bytes

import pytest

from support.parts import Log, wait_for

SECONDS = 10
LOGIN = ["username", "password"]
JSON = b"Content-Type: application/json"
OBJECT = b'{"level":"CRITICAL","logger":"forged","message":"forged","forged":true}'
# What might end a line for whoever writes, sends, stores or shows it; then what might pass for a line.
ENDS = {
    "newline": b"\n",
    "return": b"\r",
    "both": b"\r\n",
    "nul": b"\0",
    "tab": b"\t",
    "vertical-tab": b"\v",
    "form-feed": b"\f",
    "escape": b"\x1b[2K\x1b[1A\x1b[31m",
    "title": b"\x1b]0;forged\x07",
    "backspace": b"\b" * 99,
    "delete": b"\x7f",
    "file-separator": b"\x1c",
    "next-line": "\x85".encode(),
    "c1-control": "\x9b31m".encode(),
    "bare-c1": b"\x9b",
    "line-separator": "\N{LINE SEPARATOR}".encode(),
    "paragraph-separator": "\N{PARAGRAPH SEPARATOR}".encode(),
    "right-to-left": "\N{RIGHT-TO-LEFT OVERRIDE}".encode(),
    "no-utf-8": b"\xff\xfe",
    "overlong-newline": b"\xc0\x8a",
    "overlong-quote": b"\xc0\xa2",
    "surrogate": b"\xed\xa0\x80",
    "cut-character": b"\xe2\x80",
    "beyond-unicode": b"\xf4\x90\x80\x80",
    "escaped-newline": b"\\n",
    "escaped-unicode": b"\\u000a",
    "escaped-quote": b'\\"',
    "escaped-hex": b"\\x0a",
    "percent": b"%0a",
    "percent-twice": b"%250a",
    "percent-unicode": b"%u000a",
    "entity": b"&#10;",
    "octal": b"#012",
    "syslog": b"\n<14>1 2026-01-01T00:00:00Z - db postgres - - ",
    "old-syslog": b"<8>",
    "cookie": b"@cee: ",
    "format": b"%s%n%(message)s{0}{message}$message%msg%",
}
QUOTES = {"object": b"", "field": b'","forged":true,"logger":"forged","x":"', "brace": b'"}'}
LENGTHS = [1000, 4096, 5461, 7900]
STRINGS = {
    **{f"{end}-{quote}": ENDS[end] + QUOTES[quote] + OBJECT for end in ENDS for quote in QUOTES},
    **{f"{fill!a}-{length}": (fill * length)[: length - 80] + OBJECT
       for fill in [b"x", b'"', b"\\", b"\xff", b"\x01", "\N{LINE SEPARATOR}".encode()] for length in LENGTHS},
}  # fmt: skip
each_string = pytest.mark.parametrize("string", STRINGS.values(), ids=STRINGS)


@pytest.fixture
def stored(log):
    """The lines stored during the test."""
    return Log(log.path.parent)


@pytest.fixture
def accesses(send, stored):
    """Send a request; return the one access event of it, once it is stored, among all that have its id."""

    def ask(request):
        request_id = send(request).headers["x-request-id"]
        events = lambda: [e for e in stored.lines(request_id) if e.get("logger") == "nginx.access"]  # noqa: E731
        wait_for(events, SECONDS, f"no access event of {request_id}")
        return events()

    return ask


def forged(stored):
    """The lines that no part of the pod has written so."""
    entries = [json.loads(line) for line in stored.new()]
    return [
        entry
        for entry in entries
        if "forged" in entry or "forged" in {entry.get("logger"), entry["message"]} or entry.get("level") == "CRITICAL"
    ]


def in_target(string):
    """The string in an address: what HTTP does not allow there as %xx, the rest as it is."""
    return b"".join(b"%%%02X" % byte if byte <= 0x20 or byte in b"\x7f#?" else bytes([byte]) for byte in string)


def in_header(string):
    """The string in a header, which ends with the first of three bytes."""
    return string.replace(b"\r", b"%0d").replace(b"\n", b"%0a").replace(b"\0", b"%00")


def document(fields, string):
    """The string in each field."""
    return json.dumps(dict.fromkeys(fields, string.decode(errors="surrogateescape"))).encode()


def request(target, *headers, method=b"GET", body=b""):
    lines = [method + b" " + target[:8150] + b" HTTP/1.1", b"Host: localhost", b"Connection: close", *headers]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])


def test_there_are_a_hundred_strings():
    assert len(set(STRINGS.values())) >= 100


@each_string
def test_address_is_one_event(accesses, stored, string):
    assert len(accesses(request(b"/" + in_target(string)))) == 1
    assert forged(stored) == []


@each_string
def test_escaped_address_is_one_event(accesses, stored, string):
    assert len(accesses(request(b"/nowhere/" + quote_from_bytes(string[:2500]).encode()))) == 1
    assert forged(stored) == []


@each_string
def test_query_and_headers_are_one_event(accesses, stored, string):
    value = in_header(string)
    headers = [name + b": " + value[:7000] for name in [b"User-Agent", b"Referer", b"Cookie"]]
    assert len(accesses(request(b"/token/?limit=" + in_target(string)[:8100], *headers))) == 1
    assert forged(stored) == []


@each_string
def test_id_host_and_address_of_the_client_are_one_event(accesses, stored, string):
    value = in_header(string)[:7000]
    headers = [b"X-Request-Id: " + value, b"X-Forwarded-For: " + value, b"X-Forwarded-Host: " + value]
    assert len(accesses(request(b"/token/", *headers).replace(b"localhost", value, 1))) == 1
    assert forged(stored) == []


@each_string
def test_body_is_one_event(accesses, stored, writer, description, string):
    token = b"Authorization: " + writer.headers["Authorization"].encode()
    bodies = {path.encode(): document(description.text_fields(path), string) for path in description.bodies()}
    requests = [request(path, token, JSON, method=b"POST", body=body) for path, body in bodies.items()]
    assert [len(accesses(request)) for request in requests] == [1] * len(bodies)
    assert forged(stored) == []


@each_string
def test_user_name_is_one_event(accesses, stored, string):
    user = b"Authorization: Basic " + base64.b64encode(string[:4000] + b":password")
    assert len(accesses(request(b"/token/", user, JSON, method=b"POST", body=document(LOGIN, string)))) == 1
    assert forged(stored) == []
