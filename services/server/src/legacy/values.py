"""Helpers for the functions of mappings."""

import re
from datetime import UTC, datetime, tzinfo

# legacy/transfer/encoding.py reads each byte that is not valid UTF-8 as one of these.
SURROGATE = re.compile("[\udc80-\udcff]")


class Reject(Exception):  # noqa: N818 - a function raises it as its answer, not because it failed
    """The function rejects the row; the message is the reason."""


def text(value: str) -> str:
    """The text without NULs, which PostgreSQL cannot store; bytes that are not UTF-8 are decoded as Windows' cp1252."""
    value = value.replace("\0", "")
    return value if value.isascii() else SURROGATE.sub(in_cp1252, value)


def in_cp1252(surrogate: re.Match[str]) -> str:
    return bytes([ord(surrogate[0]) - 0xDC00]).decode("cp1252", "replace")


def aware(value: datetime, zone: tzinfo = UTC) -> datetime:
    """The moment of a local time. Raises Reject if the time occurred twice or never when clocks were changed."""
    if value.tzinfo:
        return value
    moment = value.replace(tzinfo=zone)
    if zone is not UTC and moment.utcoffset() != moment.replace(fold=1).utcoffset():
        raise Reject(f"clocks in {zone} showed {value} twice or never")
    return moment
