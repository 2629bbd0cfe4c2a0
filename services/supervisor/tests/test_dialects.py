"""Real output of programs, and the fields that are parsed from it."""

import json

import pytest

from supervisor import dialects

REQUEST = (
    'client: 10.89.0.1, server: , request: "GET /a?secret HTTP/1.1", upstream: "uwsgi://x:", host: "h", referrer: "r"'
)
TRACEBACK = [
    dialects.TRACEBACK,
    '  File "/srv/src/x.py", line 1, in <module>',
    "    f('x')",
    "ValueError: not a number: 'secret'",
]
# process, printed line, level, message and whatever else the line tells.
CORPUS = [
    ("nginx", f"2026/11/25 17:10:03 [error] 18#18: *90 upstream timed out (110: Connection timed out), {REQUEST}",
     "ERROR", "upstream timed out (110: Connection timed out)", {"method": "GET", "path": "/a", "remote": "10.89.0.1"}),
    ("nginx", "2026/11/25 17:10:04 [warn] 18#18: *94 a client request body is buffered, client: ::1, server: ",
     "WARNING", "a client request body is buffered", {"remote": "::1"}),
    ("nginx", "2026/11/25 17:10:04 [crit] 18#18: *4 connect() to unix:/run/server/uwsgi.sock failed",
     "CRITICAL", "connect() to unix:/run/server/uwsgi.sock failed", {}),
    ("nginx", "2026/11/25 17:10:04 [notice] 1#1: signal process started", "INFO", "signal process started", {}),
    ("nginx", 'nginx: [emerg] unknown directive "x" in /etc/nginx/nginx.conf:3',
     "CRITICAL", 'unknown directive "x" in /etc/nginx/nginx.conf:3', {}),
    ("nginx", '2026/11/25 17:10:04 [info] 1#1: *1 client sent invalid header line: "X: secret", client: ::1, server: ',
     "INFO", 'client sent invalid header line: "?"', {"remote": "::1"}),
    ("uwsgi", "spawned uWSGI worker 1 (pid: 24, cores: 1)", "INFO", "spawned uWSGI worker 1 (pid: 24, cores: 1)", {}),
    ("uwsgi", "!!! no internal routing support, rebuild with pcre support !!!",
     "INFO", "!!! no internal routing support, rebuild with pcre support !!!", {}),
    ("uwsgi", "DAMN ! worker 1 (pid: 24) died, killed by signal 9 :( trying respawn ...",
     "ERROR", "DAMN ! worker 1 (pid: 24) died, killed by signal 9 :( trying respawn ...", {}),
    ("uwsgi", "Wed Nov 25 17:10:04 2026 - *** HARAKIRI ON WORKER 1 (pid: 24, try: 1, graceful: yes) ***",
     "ERROR", "*** HARAKIRI ON WORKER 1 (pid: 24, try: 1, graceful: yes) ***", {}),
    ("uwsgi", "Wed Nov  5 17:10:04 2026 - HARAKIRI [core 0] 10.89.0.1 - GET /item/?secret=secret since 1764090604",
     "WARNING", "HARAKIRI [core 0] 10.89.0.1 - GET /item/ since 1764090604", {}),
    ("uwsgi", "Wed Nov 25 17:10:04 2026 - uwsgi_response_write_body_do(): Broken pipe during GET /a?secret (10.89.0.1)",
     "WARNING", "uwsgi_response_write_body_do(): Broken pipe during GET /a (10.89.0.1)", {}),
    ("uwsgi", 'Wed Nov 25 17:10:04 2026 - *** uWSGI listen queue of socket "/x" (fd: 3) full !!! (9/8) ***',
     "WARNING", '*** uWSGI listen queue of socket "/x" (fd: 3) full !!! (9/8) ***', {}),
    ("uwsgi", "!!! uWSGI process 24 got Segmentation Fault !!!",
     "ERROR", "!!! uWSGI process 24 got Segmentation Fault !!!", {}),
    ("uwsgi", "/srv/src/x.py:3: RuntimeWarning: odd", "WARNING", "/srv/src/x.py:3: RuntimeWarning: odd", {}),
    ("rsyslogd", "rsyslogd: action 'x' suspended (module 'builtin:omfile'), retry 0. [v8.2504.0 try https://x/e/2007 ]",
     "WARNING", "action 'x' suspended (module 'builtin:omfile'), retry 0.", {}),
    ("prepare", "rsyslogd: End of config validation run. Bye.", "INFO", "End of config validation run. Bye.", {}),
    ("prometheus", '{"caller":"a.go:1","component":"tsdb","level":"warn","msg":"slow","ts":"2026-11-25T17:10:04.1Z"}',
     "WARNING", "slow", {"component": "tsdb"}),
    ("prometheus", '{"time":"2026-11-25T17:10:04Z","level":"ERROR","source":"main.go:1","msg":"no","err":"EOF"}',
     "ERROR", "no", {"err": "EOF"}),
    ("prometheus", '{"caller":"main.go:629","fs_type":"EXT4","level":"info","ts":"2026-11-25T17:10:04.1Z"}',
     "INFO", "fs_type EXT4", {"fs_type": "EXT4"}),
    ("prometheus", "panic: runtime error", "INFO", "panic: runtime error", {}),
    ("export_metrics", "hello", "INFO", "hello", {}),
]  # fmt: skip
PROCESSES = ["nginx", "uwsgi", "postgres", "rsyslogd", "prometheus", "export_metrics"]
HOSTILE = [
    "", " ", "\t", "\0", "\x1b[31m", "\x85\u2028\u2029", '"', "\\", "{", '{"level":"CRITICAL"', "[" * 9999,
    '{"msg":' * 9999, '{"msg":"\\ud800"}', "null", "[]", "... ", "'" * 9999, "E'" + "\\" * 9999, "$a$" * 9999,
    "/*" * 9999, ': "' * 9999, "[1] a@b ERROR:  ", "[1] " + "@" * 9999, "DETAIL:  x", "nginx: [emerg] ",
    "2026/11/25 17:10:04 [error] 1#1: ", ", client: " * 999, "rsyslogd: " * 999, dialects.TRACEBACK, "\ufffd" * 9999,
]  # fmt: skip


def entry(process, *lines):
    """The object that becomes of an event."""
    return json.loads(dialects.line(**dialects.fields(process, [*lines])))


@pytest.mark.parametrize(("process", "text", "level", "message", "more"), CORPUS, ids=[row[1][:60] for row in CORPUS])
def test_line_has_the_form(process, text, level, message, more):
    logger = "nginx.error" if process == "nginx" else process
    assert entry(process, text) == {"level": level, "logger": logger, "message": message, **more}


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_is_one_object_on_one_line(process, text):
    printed = dialects.line(**dialects.fields(process, [text]))
    told = json.loads(printed)
    assert len(printed.decode().splitlines()) == 1
    assert told["level"] in {"INFO", "WARNING", "ERROR", "CRITICAL"}


def test_longest_line_fits_into_the_log():
    text = "".join(map(chr, range(32))) * 1792
    assert len(dialects.line(**dialects.fields("export_metrics", [text]))) < 192 * 1024


def test_traceback_is_one_error_without_the_value():
    told = entry("uwsgi", *TRACEBACK)
    assert (told["level"], told["message"]) == ("ERROR", "ValueError: not a number: '?'")
    assert told["exc_info"].splitlines()[:3] == TRACEBACK[:3]


def test_unknown_fields_are_left_out():
    assert json.loads(dialects.line("INFO", "x", "y", route="", user=None, status=0)) == {
        "level": "INFO", "logger": "x", "message": "y", "status": 0
    }  # fmt: skip


@pytest.mark.parametrize(("process", "formed"), [("uwsgi", True), ("prometheus", False)])
def test_object_is_left_as_it_is(process, formed):
    assert dialects.is_formed(process, b'{"level":"INFO"}') == formed


CONTROL = [*range(32), *range(127, 160), 0x2028, 0x2029, 0x202E, 0x2066]
LONG = "/" + "x" * 8000


@pytest.mark.parametrize("code", CONTROL, ids=hex)
def test_control_character_of_a_json_line_is_replaced(code):
    line = dialects.tidied(f'{{"message":"a{chr(code)}b"}}'.encode())
    assert chr(code) not in line.decode()


@pytest.mark.parametrize("code", [code for code in CONTROL if code > 31], ids=hex)
def test_escaped_control_character_stays_escaped_or_goes(code):
    line = dialects.tidied(json.dumps({"message": f"{chr(code)} {LONG}"}).encode())
    assert chr(code) not in line.decode()


@pytest.mark.parametrize(
    "path", [LONG, "/" + "é" * 4000, "/" + "\u20ac" * 3000, '/"' * 4000, "/" + "\\" * 4000, "/a" * 4000]
)
def test_path_of_a_json_line_is_cut(path):
    entry = {"message": f"GET {path} 404", "path": path, "status": 404}
    cut = json.loads(dialects.tidied(json.dumps(entry).encode()))
    assert len(cut["path"].encode()) <= dialects.PATH_BYTES
    assert (cut["message"][:5], cut["message"][-4:], cut["status"]) == ("GET /", " 404", 404)
    assert len(cut["message"].encode()) <= dialects.PATH_BYTES + 8


def test_path_of_a_fault_is_cut():
    request = f'client: ::1, server: , request: "GET {LONG} HTTP/1.1"'
    text = f'2026/11/28 22:00:00 [error] 1#1: *1 open() "{LONG}" failed, {request}'
    fields = json.loads(dialects.line(**dialects.fields("nginx", [text])))
    assert max(len(fields[name]) for name in ("message", "path")) <= dialects.PATH_BYTES + 20


@pytest.mark.parametrize("line", [b'{"message":"short"}', b'{"message":"' + b"word " * 500 + b'"}', b"{" + b"x" * 900])
def test_other_line_stays_as_it_is(line):
    assert dialects.tidied(line) == line
