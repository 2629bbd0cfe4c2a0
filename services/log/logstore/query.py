"""Select lines. Most are ruled out by their bytes: a million lines take a second, and ten seconds when parsed."""

import argparse
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
TIME = slice(len('{"time":"'), len('{"time":"2026-11-22T08:44:09.396418'))  # the same place in every line: rsyslog.conf
MESSAGE = b'"message":"'
# Characters with a special meaning in a regular expression or in JSON.
SPECIAL = re.compile(r'[^ -~]|[.^$*+?{}()|"/\\\[\]]')


def parse(line: bytes) -> dict[str, Any]:
    """The fields of a line; a damaged line has a message only."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        entry = None
    return entry if isinstance(entry, dict) else {"message": line.decode(errors="backslashreplace").rstrip("\n")}


def level_of(entry: dict[str, Any]) -> int:
    """The rank of a line's level; an unknown level counts as INFO."""
    level = entry.get("level")
    return LEVELS.index(level if level in LEVELS else "INFO")


def moment(word: str) -> datetime:
    """The time in UTC that an option gives as an age, a date or a time."""
    try:
        if match := re.fullmatch(r"(\d{1,5})([smhd])", word):
            return datetime.now(UTC) - timedelta(**{UNITS[match[2]]: int(match[1])})
        time = datetime.fromisoformat(word)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"'{word}' is not a time - give 90s, 10m, 2h, 1d or 2026-11-22T08:44"
        ) from None


def expression(word: str) -> re.Pattern[str]:
    """The regular expression that an option gives."""
    try:
        return re.compile(word)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"'{word}' is not a regular expression: {error}") from None


class Query:
    """The conditions that the options set."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.service, self.request_id, self.grep = options.service, options.request_id, options.grep
        self.rank = LEVELS.index(options.level) if options.level else 0
        self.since = options.since.isoformat(timespec="microseconds")[:26].encode() if options.since else b""
        self.since_seconds = options.since.timestamp() if options.since else 0.0
        self.needles = self._needles()

    def _needles(self) -> list[bytes]:
        """Byte strings of which each wanted line has one, the rarest that are known; empty if none is known."""
        for text in (self.request_id, self.grep.pattern if self.grep else None):
            if text and not SPECIAL.search(text.replace(".", "") if text == self.request_id else text):
                return [text.encode()]
        # A line without a level counts as INFO.
        if self.rank > LEVELS.index("INFO"):
            return [f'"level":"{level}"'.encode() for level in LEVELS[self.rank :]]
        return [f'"service":"{self.service}"'.encode()] if self.service else []

    def candidates(self, content: bytes) -> Iterator[bytes]:
        """The lines that may match: all that do are among them."""
        if self.needles:
            spans = iter(sorted({span for needle in self.needles for span in holding(content, needle)}))
        elif self.grep:
            spans = matching(content, self.grep)
        else:
            return (line for line in io.BytesIO(content) if line.endswith(b"\n"))
        return (content[begin:end] for begin, end in spans)

    def is_met(self, line: bytes) -> bool:
        """Is the line one of those that are asked for?"""
        if self.since > line[TIME]:
            return False
        if not (self.service or self.request_id or self.rank or self.grep):
            return True
        entry = parse(line)
        return (
            self.service in (None, entry.get("service"))
            and self.request_id in (None, entry.get("request_id"))
            and level_of(entry) >= self.rank
            and (self.grep is None or self.grep.search(str(entry.get("message", ""))) is not None)
        )


def holding(content: bytes, needle: bytes) -> Iterator[tuple[int, int]]:
    """The ends of the whole lines that hold some bytes."""
    at = content.find(needle)
    while at >= 0 and (end := content.find(b"\n", at) + 1):
        yield content.rfind(b"\n", 0, at) + 1, end
        at = content.find(needle, end)


def matching(content: bytes, expression: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The ends of the whole lines whose message matches, as far as that is known without parsing them."""
    begin = 0
    while end := content.find(b"\n", begin) + 1:
        at = content.find(MESSAGE, begin, end) + len(MESSAGE)
        text = content[at : content.find(b'"', at, end)].replace(b"\\/", b"/")
        # Another escape, or no message where one is looked for: parsing tells.
        if at < begin + len(MESSAGE) or b"\\" in text or expression.search(text.decode(errors="replace")):
            yield begin, end
        begin = end
