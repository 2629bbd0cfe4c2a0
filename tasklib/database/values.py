"""Values of a manifest that anybody may have written: each is parsed and bounded before its use. Raise ValueError."""

import re
from typing import Any

NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}"
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
VERSION = r"[A-Za-z0-9._+-]{0,100}"
HASH = r"-?\d{1,40}"
LABEL = r"[^\x00-\x1f\x7f-\x9f]{1,300}"  # of a table or a migration, which is shown
MOST = 100_000  # tables, or migrations


def text(value: Any, pattern: str) -> str:
    """A string that matches a pattern as a whole."""
    if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
        raise ValueError(f"{value!r:.50} does not match {pattern}")
    return value


def number(value: Any, most: int) -> int:
    """A whole number from 0 to a bound."""
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"{value!r:.50} is not a number up to {most}")
    return value


def texts(value: Any, pattern: str) -> list[str]:
    """A list of strings that match a pattern."""
    if not isinstance(value, list) or len(value) > MOST:
        raise ValueError("not a list of a sensible length")
    return [text(item, pattern) for item in value]


def members(value: Any, *names: str) -> dict[str, Any]:
    """An object, with exactly these members if any are named."""
    if not isinstance(value, dict) or len(value) > MOST or (names and {*value} != {*names}):
        raise ValueError("not an object with the expected members")
    return value
