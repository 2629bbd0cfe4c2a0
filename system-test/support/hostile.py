"""Requests that nobody means well, by what is wrong with them. Each is legal enough for a client to send."""

import base64
import gzip
import json
import zlib

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PARTS = b"".join(b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n\r\n' % n for n in range(10_000)) + b"--x--"
LONG = 8000  # below the 8 KB that nginx takes for one line

# Bodies that say they are JSON. Each `text` stands for a field that the service reads.
DOCUMENTS = {
    "empty": b"",
    "array": b"[]",
    "array-of-objects": b'[{"text": "x"}]',
    "null": b"null",
    "true": b"true",
    "number": b"1",
    "string": b'"text"',
    "cut": b'{"text": "x',
    "trailing": b'{"text": "x"} x',
    "nested-arrays": b"[" * 100_000,
    "nested-objects": b'{"text":' * 100_000,
    "nested-in-text": b'{"text": ' + b"[" * 500 + b"]" * 500 + b"}",
    "long-integer": b'{"text": ' + b"9" * 5000 + b"}",
    "long-exponent": b'{"text": 1e999}',
    "long-fraction": b'{"text": 0.' + b"1" * 5000 + b"}",
    "nan": b'{"text": NaN}',
    "infinity": b'{"text": -Infinity}',
    "object-for-text": b'{"text": {"a": 1}}',
    "array-for-text": b'{"text": ["a"]}',
    "nul-in-text": b'{"text": "a\\u0000b"}',
    "nul": b'{"text": "a\0b"}',
    "lone-surrogate": b'{"text": "\\ud800"}',
    "surrogates-reversed": b'{"text": "\\udc00\\ud800"}',
    "surrogate-bytes": b'{"text": "\xed\xa0\x80"}',
    "surrogate-in-key": b'{"\\ud800": 1}',
    "overlong-utf-8": b'{"text": "\xc0\xaf"}',
    "latin-1": b'{"text": "\xe9"}',
    "byte-order-mark": b'\xef\xbb\xbf{"text": "x"}',
    "utf-16": '{"text": "x"}'.encode("utf-16"),
    "repeated-key": b'{"text": "a", "text": null}',
    "repeated-key-often": b"{" + b'"text": 1,' * 50_000 + b'"text": 1}',
    "many-keys": json.dumps({f"k{n}": n for n in range(50_000)}).encode(),
    "read-only-fields": b'{"text": null, "id": -1, "href": "x", "timestamp": "0000-01-01T00:00:00Z", "author": 9}',
    "year-zero": b'{"text": 0, "timestamp": "0000-00-00T00:00:00Z"}',
    "year-9999": b'{"text": null, "timestamp": "9999-12-31T23:59:59-23:59"}',
    "id-beyond-64-bits": b'{"text": null, "id": 99999999999999999999999999}',
    "prototype": b'{"__proto__": {"a": 1}, "__class__": "x", "constructor": 1, "text": []}',
    "two-mebibytes": b'{"text": "' + b"x" * 2**21 + b'"}',
}
# Bodies and what they say they are, which is not true, not known or not said once.
DISGUISES = {
    "charset-zlib": (zlib.compress(bytes(2**20)), [("Content-Type", f"{JSON}; charset=zlib")]),
    "charset-rot13": (b'{"grkg": "k"}', [("Content-Type", f"{JSON}; charset=rot13")]),
    "charset-utf-7": (b'{"text": "+2AA-"}', [("Content-Type", f"{JSON}; charset=utf-7")]),
    "charset-idna": (b"{}", [("Content-Type", f"{JSON}; charset=idna")]),
    "charset-hex": (b"7b7d", [("Content-Type", f"{JSON}; charset=hex")]),
    "charset-unknown": (b"{}", [("Content-Type", f"{JSON}; charset=nonsense")]),
    "charset-bytes": (b"{}", [("Content-Type", b"application/json; charset=\xff\xfe")]),
    "charset-twice": (b"{}", [("Content-Type", f"{JSON}; charset=utf-8; charset=utf-16")]),
    "no-type": (b"{}", []),
    "empty-type": (b"{}", [("Content-Type", "")]),
    "half-a-type": (b"{}", [("Content-Type", "application/")]),
    "long-type": (b"{}", [("Content-Type", "a/" + "b" * LONG)]),
    "two-types": (b"{}", [("Content-Type", JSON), ("Content-Type", FORM)]),
    "plain": (b"text", [("Content-Type", "text/plain")]),
    "xml": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', [("Content-Type", "application/xml")]),
    "form": (b"text=%ff%00&" * 1000, [("Content-Type", FORM)]),
    "form-of-many": (b"&".join(b"a%d=" % n for n in range(10_000)), [("Content-Type", FORM)]),
    "multipart": (PARTS, [("Content-Type", "multipart/form-data; boundary=x")]),
    "multipart-unbounded": (PARTS, [("Content-Type", "multipart/form-data")]),
    "multipart-wrong-boundary": (PARTS, [("Content-Type", "multipart/form-data; boundary=" + "y" * 200)]),
    "multipart-cut": (PARTS[:50], [("Content-Type", "multipart/form-data; boundary=x")]),
    "compressed": (gzip.compress(b"0" * 2**20), [("Content-Type", JSON), ("Content-Encoding", "gzip")]),
    "method-override": (b"_method=DELETE", [("Content-Type", FORM), ("X-HTTP-Method-Override", "DELETE")]),
}
# Headers of any request.
HEADERS = {
    "hundred-long": {f"X-{n}": "x" * LONG for n in range(100)},
    "thousand-short": {f"X-{n}": "x" for n in range(980)},
    "beyond-thousand": {f"X-{n}": "x" for n in range(1100)},
    "cookie-of-64k": {"Cookie": "x" * 65_536},
    "cookie-of-nonsense": {"Cookie": b'sessionid="\xff\\"; =; csrftoken=\t;;;' + b"a=b;" * 1000},
    "accept-nonsense": {"Accept": ",;q=x/,*/,;;"},
    "accept-long": {"Accept": ",".join(f"a/b{n};q=0.1" for n in range(500))},
    "accept-indent": {"Accept": "application/json; indent=99999999999999999999"},
    "accept-bytes": {"Accept": b"\xff\xfe"},
    "language-long": {"Accept-Language": "a-" * 3000},
    "encoding-nonsense": {"Accept-Encoding": "gzip;q=x, \x7f"},
    "authorization-bytes": {"Authorization": b"Bearer \xff\xfe"},
    "authorization-empty": {"Authorization": "Bearer"},
    "authorization-three-words": {"Authorization": "Bearer a b"},
    "authorization-basic": {"Authorization": "Basic ////"},
    "authorization-long": {"Authorization": "Token " + "x" * 7000},
    "condition-nonsense": {"If-None-Match": 'W/"', "If-Match": "\\", "If-Modified-Since": "Thu, 00 Foo 0000 99:99:99"},
    "condition-far": {"If-Modified-Since": "Fri, 31 Dec 9999999 23:59:59 GMT", "If-Unmodified-Since": "-1"},
    "range": {"Range": "bytes=" + ",".join(f"{n}-" for n in range(1000))},
    "range-huge": {"Range": "bytes=-99999999999999999999"},
    "expect": {"Expect": "the-unexpected"},
    "upgrade": {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Key": "x"},
    "upgrade-h2c": {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABk"},
    "hop-by-hop": {"Connection": "close, X-Request-Id, Host, Content-Length"},
    "forwarded": {"X-Forwarded-For": "\\x", "X-Forwarded-Host": "a,b", "X-Forwarded-Proto": "x", "Forwarded": 'for="'},
    "rewrite": {"X-Original-URL": "/metrics", "X-Rewrite-URL": "/metrics", "X-Accel-Redirect": "/static/"},
    "uwsgi": {"UWSGI_FILE": "/etc/passwd", "X-Sendfile": "/etc/passwd", "Script-Name": "/x", "Path-Info": "/x"},
    "origin": {"Origin": "null", "Referer": "https://evil.example/" + "x" * 4000},
    "idempotency": {"Idempotency-Key": b"\xff" * 300},
    "shell": {"User-Agent": "() { :;}; /bin/sleep 9", "Proxy": "http://evil.example/"},
}
HOSTS = [
    *("", "a b", "localhost:99999", "localhost:-1", "localhost:x", "[::1", "[::1]]", "a" * 300, "localhost,evil"),
    *("evil@localhost", "localhost/evil", "localhost\\evil", "..", "é".encode(), b"\xff", "%00", "localhost#"),
]
# What a path ends with.
SEGMENTS = {
    "beyond-64-bits": b"9223372036854775808/",
    "5000-digits": b"9" * 5000 + b"/",
    "negative": b"-1/",
    "exponent": b"1e5/",
    "other-digits": "٣/".encode(),
    "nul": b"1%00/",
    "newline": b"1%0d%0aX:%20y/",
    "overlong-utf-8": b"%c0%af/",
    "no-utf-8": b"\xff%ff/",
    "surrogate": b"%ed%a0%80/",
    "above": b"%2e%2e/%2e%2e/etc/passwd",
    "slashes": b"/" * 1000,
    "folders": b"a/" * 3000,
    "parameters": b";a=b;../..;/",
    "format": b"1.json%00.html",
    "template": b"{{7*7}}${7*7}%25n%s/",
    "sql": b"1'%20OR%201=1--/",
    "long": b"x" * 7900,
}
CURSORS = [
    "p=1&r=1",
    "p=-1",
    "p=999999999999999999999999999999",
    "p=%00",
    "p=nan",
    "o=99999999999",
    "o=-1",
    "o=x&p=x",
    "r=x",
    "p=%FF&o=1e9",
]
VALUES = [
    *("", "-1", "0", "99999999999999999999", "9" * 5000, "1e999", "NaN", "x", "%00", "%ff", "%ed%a0%80", "'--", "[]"),
    *("%", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00%2B23:59", "(((", '"a', "a%20!"),
]
PARAMETERS = ["limit", "cursor", "ordering", "search", "format", "page", "id"]
QUERIES = {
    **{f"{name}={value[:25]}": f"{name}={value}" for name in PARAMETERS for value in VALUES},
    **{f"cursor-of-{plain}": f"cursor={base64.b64encode(plain.encode()).decode()}" for plain in CURSORS},
    "many": "&".join(["a"] * 4000),
    "beyond-many": "&".join(["a"] * 10_000),
    "repeated": "&".join(f"limit={n}" for n in range(500)),
    "separators": "&&&;;;===" * 500,
    "brackets": "limit[]=1&limit[$gt]=1&__proto__[a]=1&text__regex=(a%2B)%2B$",
}
