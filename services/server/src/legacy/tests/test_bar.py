"""The progress bar of an import."""

import io

import pytest
from django.core.management.base import OutputWrapper

from legacy import bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """Replace the clock by one that shows these times."""
    clock = iter([0, 0, 10, 20])
    monkeypatch.setattr(bar.time, "monotonic", lambda: next(clock))


@pytest.mark.parametrize(
    ("stream", "output"),
    [
        (io.StringIO(), "a 75% 75 of 100, 5 rows/s, 5 s left\n"),
        (Terminal(), "\ra 75% 75 of 100, 5 rows/s, 5 s left\033[K\n"),
    ],
    ids=["file", "terminal"],
)  # fmt: skip
def test_rate_is_that_of_this_run(clock, stream, output):
    progress = bar.ProgressBar(OutputWrapper(stream), "a", 100)
    progress.show(25)
    progress.show(75)
    progress.end()
    assert stream.getvalue() == output
