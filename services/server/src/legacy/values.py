"""What the functions of mappings are made of."""

import re
from datetime import UTC, datetime, tzinfo

# What legacy/encoding.py makes of a byte that is no UTF-8.
STRANGE = re.compile("[\udc80-\udcff]")


class Reject(Exception):  # noqa: N818 - what a function says of a row
    """The row is not carried over; the text is the reason."""


def text(value: str) -> str:
    """The text without NULs, which PostgreSQL does not store; bytes that are no UTF-8 are read as Windows' cp1252."""
    value = value.replace("\0", "")
    return value if value.isascii() else STRANGE.sub(in_cp1252, value)


def in_cp1252(strange: re.Match[str]) -> str:
    return bytes([ord(strange[0]) - 0xDC00]).decode("cp1252", "replace")


def aware(value: datetime, zone: tzinfo = UTC) -> datetime:
    """The moment of a time that was stored without its zone. Raises Reject where a clock showed it twice, or never."""
    if value.tzinfo:
        return value
    moment = value.replace(tzinfo=zone)
    if zone is not UTC and moment.utcoffset() != moment.replace(fold=1).utcoffset():
        raise Reject(f"{value} was shown twice or never by clocks in {zone}")
    return moment
