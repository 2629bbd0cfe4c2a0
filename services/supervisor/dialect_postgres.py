"""Turn the lines of an event in PostgreSQL's log into fields, without the values that clients sent.

psycopg2 writes values into its statements, and PostgreSQL quotes them in its messages about errors. A role is not the
`user` of a line, which is a user of the application.
"""

import re
from typing import Any

# The prefix is log_line_prefix in services/db/postgresql.conf; lines printed before it is read have none.
LINE = re.compile(
    r"(?:\[(?P<pid>\d+)\] )?(?:(?P<role>[^\s@]+)@(?P<database>[^\s@]+) )?"
    r"(?P<kind>DEBUG\d?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|QUERY|CONTEXT|STATEMENT):  (?P<text>.*)",
    re.DOTALL,
)
FURTHER = {"DETAIL", "HINT", "QUERY", "CONTEXT", "STATEMENT"}  # belong to the event before them
LEVELS = {"WARNING": "WARNING", "ERROR": "ERROR", "FATAL": "ERROR", "PANIC": "CRITICAL"}
# PostgreSQL reports these as LOG only.
CRASH = re.compile(r"was terminated by signal|exited with exit code|not properly shut down")
# A name in double quotes stays, a comment is removed, and a string, even one that is cut off, becomes '?'.
SQL = re.compile(
    r"""(?P<name>"[^"]*(?:"|\Z))
      | (?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))
      | \b[eE]'(?:[^'\\]|''|\\.)*+(?:'|\\?\Z)
      | '[^']*(?:'|\Z)
      | (?<![\w$])\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?(?:\$(?P=tag)\$|\Z)""",
    re.VERBOSE | re.DOTALL,
)
NOUNS = "column|constraint|cursor|database|encoding|extension|function|index|parameter|relation|role|schema|sequence"
QUOTED = re.compile(rf'(?P<noun>\b(?:{NOUNS}|table|trigger|type|user|view) )?"[^"]*(?:"|\Z)', re.DOTALL)
VALUE = re.compile(r'(: |near )".*"', re.DOTALL)  # up to the last quote, because the value may contain quotes
KEY = re.compile(r"(Key .*?\))=\(.*\)", re.DOTALL)
WAITS = re.compile(r"^Process \d+ waits for \w+ on [\w ,[\]]+; blocked by process \d+\.$", re.MULTILINE)
DURATION = re.compile(r"duration: ([\d.]+) ms")
STATEMENT = re.compile(r"((?:duration: [\d.]+ ms  )?(?:statement|(?:parse|bind|execute) \S+)): (.*)", re.DOTALL)
# Written by server/src/runtime/postgresql/base.py; psycopg2 puts it after the start of a cursor's declaration.
REQUEST = re.compile(r'(DECLARE "\w+" [A-Z ]*FOR )?/\*request_id=(?P<id>[\w.-]{1,64})\*/ ?', re.ASCII)
SHOWN = 200  # characters of a statement in a message; the field has it whole


def without_strings(statement: str) -> str:
    """A statement without its strings and comments; the request id is in a comment."""
    return SQL.sub(lambda found: found[0] if found["name"] else " " if found["comment"] else "'?'", statement).strip()


def without_values(message: str) -> str:
    """A message without the values that it quotes; names of database objects stay."""
    return QUOTED.sub(lambda found: found[0] if found["noun"] else '"?"', VALUE.sub(r'\1"?"', message))


def detail(text: str, kind: str) -> str:
    """The detail of an event; for an error, only the key or the locks that it is about."""
    if kind != "ERROR":
        return without_strings(text)
    if key := KEY.match(text):
        return f"{key[1]}=(?){text[key.end() :]}"
    return "\n".join(WAITS.findall(text))


def parts(lines: list[str], continued: str) -> dict[str, str]:
    """The texts of an event by their kind, beginning with the event's own kind."""
    found: dict[str, str] = {}
    kind = ""
    for line in lines:
        if match := LINE.match(line):
            kind = match["kind"]
            found[kind] = match["text"]
        elif line.startswith(continued):
            found[kind] += line.removeprefix(continued)
        else:
            found[kind] += "\n" + line.removeprefix("\t")
    return found


def said(text: str, kind: str) -> tuple[str, str, str]:
    """The level and the message of an event, and the statement within its text."""
    level = LEVELS.get(kind, "DEBUG" if kind.startswith("DEBUG") else "INFO")
    if match := STATEMENT.match(text):
        statement = without_strings(match[2])
        return level, f"{match[1]}: {statement[:SHOWN]}", match[2]
    if level == "INFO" and CRASH.search(text):
        return "ERROR", text, ""
    return level, without_values(text) if kind in {"WARNING", "ERROR"} else text, ""


def fields(first: re.Match[str], found: dict[str, str]) -> dict[str, Any]:
    """The fields of an event, from the match of its first line and its parts."""
    level, message, statement = said(found[first["kind"]], first["kind"])
    statement = statement or found.get("STATEMENT", "")
    request, duration = REQUEST.match(statement), DURATION.match(message)
    return {
        "level": level,
        "logger": "postgres",
        "message": message,
        "request_id": request and request["id"],
        "duration_ms": duration and float(duration[1]),
        "role": first["role"],
        "database": first["database"],
        "detail": detail(found.get("DETAIL", ""), first["kind"]),
        "hint": found.get("HINT"),
        # Other contexts may hold values.
        "context": found["CONTEXT"] if found.get("CONTEXT", "").startswith("while ") else None,
        "statement": without_strings(statement),
    }


def goes_on(first: str, line: str) -> bool:
    """Whether a line belongs to the event that began with the first one."""
    begin, match = LINE.match(first), LINE.match(line)
    if not (begin and match):
        return line.startswith("\t")
    return match["pid"] == begin["pid"] and match["kind"] in FURTHER
