"""Turn what programs print into the lines of the log, one JSON object for each event: docs/logs.md.

Text that a client may have chosen is left out, except for the path without its query.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from supervisor import dialect_postgres

Fields = dict[str, Any]

CONTINUED = "... "  # precedes the rest of a line that was too long
# They end a line, control a terminal or turn the direction of a text. In JSON each takes six bytes, which
# would make the longest line too long.
CONTROLS = dict.fromkeys(
    {*range(32), *range(127, 160), *range(0x2028, 0x202F), *range(0x2066, 0x206A)} - {*map(ord, "\n\t")},
    "\N{REPLACEMENT CHARACTER}",
)
# The same as bytes, in the lines of a program that writes JSON itself.
CONTROL_BYTES = re.compile(rb"[\x00-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]|\xe2\x81[\xa6-\xa9]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()
# A client chooses paths, and a long one costs the space of fifty requests; services/server/nginx/log.conf has the same.
PATH_BYTES = 512
LONG_PATH, CUT = re.compile(rf"/\S{{{PATH_BYTES // 6},}}"), "..."
WORD = re.compile(r"\S+")

TRACEBACK = "Traceback (most recent call last):"
IN_TRACEBACK = re.compile(r"\s|$|Traceback \(|During handling of|The above exception")
EXCEPTION_VALUE = re.compile(r"""(?<!KeyError)(: )(['"]).*\2""")
WARNED = re.compile(r"\S+:\d+: \w*Warning: ")

NGINX = re.compile(r"(?:\d{4}/\d\d/\d\d [\d:]{8} \[(\w+)\] [\d#]+: (?:\*\d+ )?|nginx: \[(\w+)\] )(.*)", re.DOTALL)
NGINX_LEVELS = {"debug": "DEBUG", "info": "INFO", "notice": "INFO", "warn": "WARNING", "error": "ERROR"}
# Only the first match is nginx's own; text after it may come from the client.
NGINX_CLIENT = re.compile(r', client: ([^,\s]+)(?:, server: [^,]*)?(?:, request: "([A-Z]+) ([^\s?"]*))?')
NGINX_HEADER = re.compile(r'(header(?: line)?: ").*', re.DOTALL)

UWSGI_DATE = re.compile(r"\w{3} \w{3} [ \d]\d [\d:]{8} \d{4} - ")
UWSGI_ERRORS = re.compile(
    r"DAMN|HARAKIRI ON|Segmentation Fault|no python application found|no app loaded|unable to load|must kill myself"
)
UWSGI_WARNINGS = re.compile(r"HARAKIRI|queue of socket .*full|Broken pipe|SIGPIPE|timeout|invalid request|error", re.I)

RSYSLOG = re.compile(r"rsyslogd: (.*?)(?: \[v\S+ try \S+ \])?$", re.DOTALL)
RSYSLOG_WARNINGS = re.compile(r"error|could not|cannot|failed|unable|invalid|suspended|denied|lost|discard", re.I)

PROMETHEUS_LEVELS = {"DEBUG": "DEBUG", "WARN": "WARNING", "WARNING": "WARNING", "ERROR": "ERROR"}
PROMETHEUS_UNUSED = {"ts", "time", "caller", "source", "level", "msg"}


def plain(process: str, text: str) -> Fields:
    """The fields of a line of any program; for a traceback of Python, those of its exception."""
    if text.startswith(TRACEBACK):
        lines = [line if line[:1].isspace() else EXCEPTION_VALUE.sub(r"\1'?'", line) for line in text.splitlines()]
        last = next(line for line in reversed(lines) if line)
        return {"level": "ERROR", "logger": process, "message": last, "exc_info": "\n".join(lines)}
    return {"level": "WARNING" if WARNED.match(text) else "INFO", "logger": process, "message": text}


def nginx(process: str, text: str) -> Fields:
    """The fields of a line of nginx's error log."""
    if not (found := NGINX.match(text)):
        return plain(process, text)
    level, message = found[1] or found[2], found[3]
    fields = {"level": NGINX_LEVELS.get(level, "CRITICAL"), "logger": "nginx.error"}
    if client := NGINX_CLIENT.search(message):
        message = message[: client.start()]
        fields |= {"remote": client[1], "method": client[2], "path": client[3]}
    return fields | {"message": NGINX_HEADER.sub(r'\1?"', message)}


def without_query(word: re.Match[str]) -> str:
    """A word without the query of the URL that it holds."""
    path = word[0].find("/")
    query = word[0].find("?", path) if path >= 0 else -1
    return word[0] if query < 0 else word[0][:query]


def uwsgi(process: str, text: str) -> Fields:
    """The fields of a line of uWSGI, which has no levels, or of Python within it."""
    fields = plain(process, WORD.sub(without_query, UWSGI_DATE.sub("", text, 1)))
    if fields["level"] == "INFO" and UWSGI_ERRORS.search(text):
        return fields | {"level": "ERROR"}
    return fields | {"level": "WARNING"} if fields["level"] == "INFO" and UWSGI_WARNINGS.search(text) else fields


def rsyslog(process: str, text: str) -> Fields:
    """The fields of a line of rsyslogd, which prints no level."""
    message = RSYSLOG.sub(r"\1", text)
    return plain(process, message) | ({"level": "WARNING"} if RSYSLOG_WARNINGS.search(message) else {})


def prometheus(process: str, text: str) -> Fields:
    """The fields of a line of --log.format=json, with the names that Prometheus 2 or 3 gives them."""
    try:
        entry = json.loads(text)
        fields = {"level": PROMETHEUS_LEVELS.get(str(entry.get("level")).upper(), "INFO"), "logger": process}
    except (ValueError, AttributeError, RecursionError):
        return plain(process, text)
    more = {name: value for name, value in entry.items() if name not in PROMETHEUS_UNUSED}
    # Some lines have no message but only values.
    message = str(entry.get("msg") or ", ".join(f"{name} {value}" for name, value in more.items()))
    return more | fields | {"message": message}


DIALECTS: dict[str, Callable[[str, str], Fields]] = {
    "nginx": nginx,
    "uwsgi": uwsgi,
    "rsyslogd": rsyslog,
    "prepare": rsyslog,  # in the container log, rsyslogd as well
    "prometheus": prometheus,
}


def fields(process: str, lines: list[str]) -> Fields:
    """The fields of an event, given as its lines."""
    if process != "postgres":
        return DIALECTS.get(process, plain)(process, "\n".join(lines))
    first = dialect_postgres.LINE.match(lines[0])
    if first and first["kind"] not in dialect_postgres.FURTHER:
        return dialect_postgres.fields(first, dialect_postgres.parts(lines, CONTINUED))
    # A line that has lost its event may be the second half of a quoted value.
    is_rest = first or lines[0].startswith(("\t", CONTINUED))
    return plain(process, CONTINUED if is_rest else "\n".join(lines))


def shortened(text: str) -> str:
    """A text whose paths have at most PATH_BYTES."""
    return LONG_PATH.sub(lambda path: cut(path[0]), text)


def cut(path: str) -> str:
    raw = path.encode(errors="replace")
    return path if len(raw) <= PATH_BYTES else raw[: PATH_BYTES - len(CUT)].decode(errors="ignore") + CUT


def tidied(line: bytes) -> bytes:
    """A line of a program that writes JSON itself, without what controls a terminal, and with short paths."""
    # Nearly every line has none, which this tells in a tenth of the time.
    clean = line if line.decode(errors="replace").isprintable() else CONTROL_BYTES.sub(REPLACEMENT, line)
    if len(clean) <= PATH_BYTES:
        return clean
    try:
        entry = json.loads(clean)
        texts = {name: shortened(entry[name]) for name in ("message", "path") if isinstance(entry.get(name), str)}
    except (ValueError, AttributeError, RecursionError):
        return clean
    if all(entry[name] == text for name, text in texts.items()):
        return clean
    return CONTROL_BYTES.sub(REPLACEMENT, json.dumps(entry | texts, ensure_ascii=False).encode(errors="replace"))


def line(level: str, logger: str, message: str, **more: Any) -> bytes:
    """A line of the log; fields that are None or empty are left out."""
    entry = {"level": level, "logger": logger, "message": message}
    entry |= {name: value for name, value in more.items() if value not in (None, "")}
    entry |= {name: shortened(entry[name]) for name in ("message", "path") if isinstance(entry.get(name), str)}
    clean = {name: value.translate(CONTROLS) if isinstance(value, str) else value for name, value in entry.items()}
    return json.dumps(clean, ensure_ascii=False).encode(errors="replace")


def is_formed(process: str, text: bytes) -> bool:
    """Whether a line has the form of the log already."""
    return text.startswith(b"{") and process != "prometheus"


def may_go_on(process: str, text: str) -> bool:
    """Whether more lines may follow the first line of an event."""
    return text.startswith(TRACEBACK) or (process == "postgres" and bool(dialect_postgres.LINE.match(text)))


def goes_on(first: str, last: str, text: str) -> bool:
    """Whether a line belongs to the event whose first line and last line so far are given."""
    if first.startswith(TRACEBACK):
        return bool(IN_TRACEBACK.match(text) or IN_TRACEBACK.match(last))
    return text.startswith(CONTINUED) or dialect_postgres.goes_on(first, text)
