"""The helpers for the functions of mappings."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from legacy.transfer.encoding import decode, encode
from legacy.values import Reject, aware, text

BERLIN = ZoneInfo("Europe/Berlin")


def naive(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        (b"Caf\xe9", "Café"),
        ("Café".encode(), "Café"),
        (b"\xc3\xa9 \x93quoted\x94", "é “quoted”"),
        (b"a\0b", "ab"),
        (b"\x81", "\ufffd"),
    ],
    ids=["latin-1", "utf-8", "both", "nul", "neither"],
)  # fmt: skip
def test_text_is_repaired(stored, value):
    assert text(decode(stored)) == value


@pytest.mark.parametrize("stored", [b"Caf\xe9", "♥".encode(), b"\xff"])
def test_bytes_survive_decoding_and_encoding(stored):
    assert encode(decode(stored)) == stored


def test_lone_surrogate_becomes_invalid_utf8():
    assert encode("\ud800") == b"\xed\xa0\x80"


def test_naive_time_is_utc():
    assert aware(naive("2001-02-03 04:05")) == datetime(2001, 2, 3, 4, 5, tzinfo=UTC)


def test_naive_time_gets_the_offset_of_its_date():
    assert aware(naive("2001-07-03 04:05"), BERLIN).utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize("time", ["2024-10-27 02:30", "2024-03-31 02:30"], ids=["twice", "never"])
def test_ambiguous_time_is_rejected(time):
    with pytest.raises(Reject, match=r"clocks in Europe/Berlin showed .* twice or never"):
        aware(naive(time), BERLIN)


def test_aware_time_is_unchanged():
    moment = datetime(2001, 2, 3, tzinfo=timezone(timedelta(hours=1)))
    assert aware(moment, BERLIN) is moment
