"""A stored line as a person reads it, in columns."""

from typing import Any

# What is told below a line: the traceback of an error, what PostgreSQL adds to an event.
BELOW = ["exc_info", "detail", "hint", "context", "statement"]
# By level, as terminals know colours; a line of INFO has none.
COLOURS = {"DEBUG": "\033[2m", "WARNING": "\033[33m", "ERROR": "\033[31m", "CRITICAL": "\033[1;31m"}
PLAIN = "\033[0m"


def printable(value: Any) -> str:
    """The text of a field on one line, as a terminal may be given it."""
    text = "" if value is None else str(value)
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def columns(entry: dict[str, Any], coloured: bool = False) -> str:
    """Time to milliseconds, service, level and message; what has several lines indented below."""
    time, service, level, message = (printable(entry.get(key)) for key in ("time", "service", "level", "message"))
    head = f"{time[:23].replace('T', ' '):23} {service:13} {level:8} {message}".rstrip()
    if coloured and level in COLOURS:
        head = f"{COLOURS[level]}{head}{PLAIN}"
    below = [line for key in BELOW for line in str(entry.get(key) or "").splitlines()]
    return "\n".join([head, *(f"    {printable(line)}" for line in below)]) + "\n"
