"""Times in queries are those of RFC 3339, all of them and nothing else."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from api.filters import EARLIEST, MomentField, moment

LATEST = datetime.max.replace(tzinfo=UTC)
ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The examples of section 5.8.
        ("1985-04-12T23:20:50.52Z", datetime(1985, 4, 12, 23, 20, 50, 520000, UTC)),
        ("1996-12-19T16:39:57-08:00", datetime(1996, 12, 20, 0, 39, 57, 0, UTC)),
        ("1990-12-31T23:59:60Z", datetime(1991, 1, 1, 0, 0, 0, 0, UTC)),
        ("1990-12-31T15:59:60-08:00", datetime(1991, 1, 1, 0, 0, 0, 0, UTC)),
        ("1937-01-01T12:00:27.87+00:20", datetime(1937, 1, 1, 11, 40, 27, 870000, UTC)),
        ("2026-01-01t12:00:00z", datetime(2026, 1, 1, 12, 0, 0, 0, UTC)),
        ("2026-01-01T12:00:00-00:00", datetime(2026, 1, 1, 12, 0, 0, 0, UTC)),
        ("2026-01-01T12:00:00.1234567890Z", datetime(2026, 1, 1, 12, 0, 0, 123456, UTC)),
        ("2016-12-31T23:59:60.5Z", datetime(2017, 1, 1, 0, 0, 0, 0, UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, 0, 0, 0, 0, UTC)),
        ("0000-02-29T00:00:00Z", EARLIEST),
        ("0000-12-31T23:59:60Z", EARLIEST),
        ("0001-01-01T00:00:00+23:59", EARLIEST),
        ("9999-12-31T23:59:59-23:59", LATEST),
        ("9999-12-31T23:59:60Z", LATEST),
    ],
)
def test_time_is_read(text, expected):
    assert moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("2026-01-01", "2026-01-01T12:00:00", "2026-01-01T12:00Z", "2026-01-01 12:00:00Z", "20260101T120000Z"),
        *("2026-W01-1T12:00:00Z", "2026-001T12:00:00Z", "2026-1-1T1:00:00Z", "26-01-01T12:00:00Z"),
        "+2026-01-01T12:00:00Z",
        *("2026-01-01T12:00:00+0100", "2026-01-01T12:00:00+01", "2026-01-01T12:00:00+24:00"),
        "2026-01-01T12:00:00+01:60",
        *("2026-01-01T24:00:00Z", "2026-01-01T12:60:00Z", "2026-01-01T12:00:61Z", "2026-01-01T12:00:60Z"),
        *("2026-02-30T00:00:00Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z"),
        "0000-02-30T00:00:00Z",
        *("2026-06-15T23:59:60Z", "2016-12-31T23:59:60+01:00", "10000-01-01T00:00:00Z", "-001-01-01T00:00:00Z"),
        *("2026-01-01T12:00:00,5Z", "2026-01-01T12:00:00.Z", "2026-01-01T12:00:00Z ", " 2026-01-01T12:00:00Z"),
        *("2026-01-01T12:00:00Z\n", "2026-01-01T12:00:00ZZ", "2026-01-01T12:00:00 UTC", "2026-01-01T12:00:00[UTC]"),
        *("\u0662026-01-01T12:00:00Z", "2026-01-01T12:00:00\u2212 01:00", "2026-01-01_12:00:00Z"),
        *("now", "0", "1767268800"),
    ],
)  # fmt: skip
def test_other_text_is_not_a_time(text):
    with pytest.raises(ValidationError):
        MomentField().clean(text)


@given(st.datetimes(timezones=ZONES))
@settings(deadline=None, database=None)
def test_every_time_of_python_is_read(time):
    assert moment(time.isoformat()) in {time, EARLIEST, LATEST}


@given(st.text(alphabet="0123456789-:.TtZz+ ", min_size=15, max_size=30))
@settings(deadline=None, database=None)
def test_text_beside_a_time_is_refused_or_read(text):
    with suppress(ValueError):
        assert EARLIEST <= moment(text) <= LATEST
