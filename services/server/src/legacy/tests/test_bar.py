"""How far an import is."""

import io

import pytest
from django.core.management.base import OutputWrapper

from legacy import bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """Let time pass as it is said."""
    clock = iter([0, 0, 10, 20])
    monkeypatch.setattr(bar.time, "monotonic", lambda: next(clock))


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        (io.StringIO(), "a 75% 75 of 100, 5 rows/s, 5 s left\n"),
        (Terminal(), "\ra 75% 75 of 100, 5 rows/s, 5 s left\033[K\n"),
    ],
    ids=["file", "terminal"],
)  # fmt: skip
def test_rate_is_that_of_this_run(clock, stream, said):
    shown = bar.Bar(OutputWrapper(stream), "a", 100)
    shown.show(25)
    shown.show(75)
    shown.end()
    assert stream.getvalue() == said
