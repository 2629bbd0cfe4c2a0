"""Format a stored line in columns for a person."""

from typing import Any

# Fields that are shown below the line: a traceback, and what PostgreSQL adds to an event.
BELOW = ["exc_info", "detail", "hint", "context", "statement"]
# The terminal's colour for each level; INFO has none.
COLOURS = {"DEBUG": "\033[2m", "WARNING": "\033[33m", "ERROR": "\033[31m", "CRITICAL": "\033[1;31m"}
PLAIN = "\033[0m"


def printable(value: Any) -> str:
    """The text of a field on one line, safe for a terminal."""
    text = "" if value is None else str(value)
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def columns(entry: dict[str, Any], coloured: bool = False) -> str:
    """Time in milliseconds, service, level and message; longer fields are indented below."""
    time, service, level, message = (printable(entry.get(key)) for key in ("time", "service", "level", "message"))
    head = f"{time[:23].replace('T', ' '):23} {service:13} {level:8} {message}".rstrip()
    if coloured and level in COLOURS:
        head = f"{COLOURS[level]}{head}{PLAIN}"
    below = [line for key in BELOW for line in str(entry.get(key) or "").splitlines()]
    return "\n".join([head, *(f"    {printable(line)}" for line in below)]) + "\n"
