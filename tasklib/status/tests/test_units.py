"""Numbers as a person reads them."""

import pytest

from tasklib.status import units


@pytest.mark.parametrize(("seconds", "text"), [(0.0042, "4.2 ms"), (0.9994, "999 ms"), (2.5, "2.5 s")])
def test_latency(seconds, text):
    assert units.latency(seconds) == text


@pytest.mark.parametrize(("number", "text"), [(500, "500 Bytes"), (1536, "1.5 KiB"), (2 * 1024**3, "2.0 GiB")])
def test_size(number, text):
    assert units.size(number) == text


@pytest.mark.parametrize(("part", "text"), [(0, "0 %"), (0.0012, "0.12 %"), (0.25, "25 %")])
def test_share(part, text):
    assert units.share(part) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0.0 /s"), (12.34, "12.3 /s"), (1234.5, "1234 /s")])
def test_rate(number, text):
    assert units.rate(number) == text


@pytest.mark.parametrize(
    ("usage", "text"),
    [("70.71MiB / 512MiB", "71 of 512 MiB"), ("900KiB / 1GiB", "900 KiB of 1 GiB"), ("-- / --", "-- / --")],
)
def test_memory_of_a_limit(usage, text):
    assert units.of_limit(usage) == text
