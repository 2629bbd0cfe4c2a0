"""The lines of the operator's page; what Prometheus answers is given here."""

import pytest

from tasklib.status import prometheus, vitals

NUMBERS = {"requests": 12.34, "failed": 0.001, "p50": 0.004, "p95": 0.02, "p99": 1.5, "workers": 0.5, "waiting": 3}
ERRORS = {
    "labels": {"alertname": "ServerErrors"},
    "state": "firing",
    "activeAt": "1970-01-01T00:00:00Z",
    "annotations": {"summary": "Requests fail.", "action": "Look."},
}


def lines(numbers=NUMBERS, alerts=()):
    return dict(vitals.lines(vitals.Vitals(numbers, list(alerts), "15d"), now=180))


def test_numbers_are_in_words():
    assert lines()["requests"] == "12.3 /s, 0.10 % failed"
    assert lines()["latency"] == "p50 4.0 ms, p95 20 ms, p99 1.5 s"


def test_unknown_numbers_are_left_out():
    assert lines()["saturation"] == "workers 50 %, 3 waiting"


@pytest.mark.parametrize(
    ("line", "text"),
    [("requests", "not measured"), ("latency", "no request for 5 min"), ("last backup", "none is known")],
)
def test_line_without_numbers_says_so(line, text):
    assert lines({})[line] == text


def test_firing_alert_says_what_to_do():
    assert lines(alerts=[ERRORS])["alert"] == "ServerErrors for 3 minutes: Requests fail. Look."


def test_firing_alert_says_where():
    labels = {"alertname": "DiskShort", "severity": "page", "instance": "127.0.0.1:9091", "job": "db", "path": "/a"}
    assert lines(alerts=[{**ERRORS, "labels": labels}])["alert"].startswith(
        'DiskShort{job="db", path="/a"} for 3 minutes'
    )


def test_health_says_which_part_is_down():
    assert lines({"database": 1, "schema": 0})["health"] == "database up, schema down"


@pytest.mark.parametrize(
    "other", [{"state": "pending"}, {"labels": {"alertname": "Watchdog"}}], ids=["pending", "watchdog"]
)
def test_silent_alert_is_none(other):
    assert lines(alerts=[{**ERRORS, **other}])["alerts"] == "none"


def test_queries_are_one_question():
    assert prometheus.union({"a": "x", "b": "y"}) == (
        'label_replace(x, "figure", "a", "", "") or label_replace(y, "figure", "b", "", "")'
    )


def test_part_of_nothing_is_left_out(monkeypatch):
    samples = [{"metric": {"figure": name}, "value": [0, value]} for name, value in [("a", "NaN"), ("b", "2")]]
    monkeypatch.setattr(prometheus, "get", lambda *_, **__: {"result": samples})
    assert prometheus.numbers("http://x", {}) == {"b": 2.0}
