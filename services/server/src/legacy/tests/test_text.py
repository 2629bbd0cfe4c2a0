"""PostgreSQL reads the text for COPY as the same values."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from legacy.transfer import text

VALUES = {
    "text": ["plain", "", "tab\tnew\nline\rback\\slash \\N", "♥ ä", None],
    "bigint": [1, -(2**63), None],
    "boolean": [True, False, None],
    "double precision": [1.5, 1e300, None],
    "numeric": [Decimal("1.50"), Decimal("1E+3")],
    "timestamptz": [datetime(2001, 2, 3, 4, 5, 6, 7, tzinfo=UTC), None],
    "date": [date(2001, 2, 3)],
    "time": [time(4, 5, 6)],
    "interval": [timedelta(days=-1, seconds=5, microseconds=6), timedelta(days=400)],
    "uuid": [UUID(int=5)],
    "bytea": [b"\0\\\n", memoryview(b"a")],
    "jsonb": [{"a": 'tab\t"quoted"'}, [1, None]],
}


@pytest.mark.django_db
@pytest.mark.parametrize("column_type", VALUES)
def test_values_are_read_back(column_type):
    data = text.lines([[value] for value in VALUES[column_type]])
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE copied (number serial, value {column_type}) ON COMMIT DROP")
        cursor.copy_expert("COPY copied (value) FROM STDIN", BytesIO(data))
        cursor.execute("SELECT value FROM copied ORDER BY number")
        read = {"bytea": bytes, "jsonb": json.loads}.get(column_type, lambda value: value)
        stored = [read(value) for (value,) in cursor.fetchall()]
    assert stored == VALUES[column_type]


# In 1900, Amsterdam was 19 minutes and 32 seconds ahead of UTC.
@pytest.mark.parametrize("zone", [None, UTC, ZoneInfo("Europe/Amsterdam")])
def test_column_of_times_equals_single_times(zone):
    times = [datetime(1900, 1, 1, tzinfo=zone), datetime(9999, 12, 31, 23, 59, 59, 999999, zone)]
    assert [*text.column(times)] == [time.isoformat() for time in times]


def test_rows_are_lines():
    assert text.lines([(1, "a"), (2, None)]) == b"1\ta\n2\t\\N\n"


def test_unsupported_type_is_rejected():
    with pytest.raises(TypeError, match="a column cannot store a value of type 'complex'"):
        text.lines([[1], [1j]])
