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


def object_of(line: bytes) -> bytes:
    """A stored line, with what could control a terminal in JSON's own escapes."""
    text = line.decode(errors="backslashreplace")
    if text.isascii() and text[:-1].isprintable():
        return line
    return "".join(char if char.isprintable() or char == "\n" else escaped(char) for char in text).encode()


def escaped(char: str) -> str:
    """A character in JSON's escapes, which have one or two units of UTF-16."""
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def request(entry: dict[str, Any]) -> str:
    """The duration and the id of the request that a line belongs to."""
    duration, request_id = printable(entry.get("duration_ms")), printable(entry.get("request_id"))
    return (f"  {duration} ms" if duration else "") + (f"  [{request_id}]" if request_id else "")


def columns(entry: dict[str, Any], coloured: bool = False) -> str:
    """Time in milliseconds, service, level, message, duration and request id; longer fields are indented below."""
    time, service, level, message = (printable(entry.get(key)) for key in ("time", "service", "level", "message"))
    head = f"{time[:23].replace('T', ' '):23} {service:13} {level:8} {message}{request(entry)}".rstrip()
    if coloured and level in COLOURS:
        head = f"{COLOURS[level]}{head}{PLAIN}"
    below = [line for key in BELOW for line in str(entry.get(key) or "").splitlines()]
    return "\n".join([head, *(f"    {printable(line)}" for line in below)]) + "\n"
