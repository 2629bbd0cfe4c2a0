"""Key figures and alerts from Prometheus, as lines of the operator's page."""

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from humanize import naturaldelta

from tasklib.status import prometheus, units

LATENCY = "sum by (le) (pod:latency_bucket:rate5m)"
# Each of one number; what nobody has measured yet is left out. The recorded ones: services/metrics/recorded.yml.
QUERIES = {
    **{part: f'min(health_part_up{{part="{part}"}})' for part in ("database", "schema")},
    "requests": "sum(pod:requests:rate5m)",
    "failed": "sum(pod:errors:rate5m) / sum(pod:requests:rate5m)",
    **{f"p{percent}": f"histogram_quantile({percent / 100}, {LATENCY})" for percent in (50, 95, 99)},
    "workers": 'sum(uwsgi_workers{state="busy"}) / sum(uwsgi_workers)',
    "waiting": "sum(uwsgi_queue)",
    "connections": "sum(postgres_connections) / max(postgres_connections_limit)",
    "backup": "time() - max(pod_backup_timestamp_seconds)",
}
# A line of the page: for each number how it is written, with its words around it.
LINES: dict[str, dict[str, tuple[str, Callable[[float], str]]]] = {
    "health": {part: (f"{part} {{}}", lambda number: "up" if number else "down") for part in ("database", "schema")},
    "requests": {"requests": ("{}", units.rate), "failed": ("{} failed", units.share)},
    "latency": {name: (f"{name} {{}}", units.latency) for name in ("p50", "p95", "p99")},
    "saturation": {
        "workers": ("workers {}", units.share),
        "waiting": ("{} waiting", "{:.0f}".format),
        "connections": ("connections {}", units.share),
    },
    "last backup": {"backup": ("{} ago", naturaldelta)},
}
# What a line says without any number.
WITHOUT = {"latency": "no request for 5 min", "last backup": "none is known"}
UNKNOWN = "not measured"
# Always fires, so that its silence is heard elsewhere; here it says nothing.
WATCHDOG = "Watchdog"
ALERT = "alert"  # begins the line of a firing alert

# Labels that say nothing about where: the name itself, and those that all alerts of a pod share.
OBVIOUS = {"alertname", "severity", "instance", "node"}

Line = tuple[str, str]


class Vitals(NamedTuple):
    """Figures and alerts of one moment."""

    numbers: Mapping[str, float]
    alerts: list[Mapping[str, Any]]
    retention: str


def read(url: str) -> Vitals:
    """Query Prometheus for everything on the page. Raises Exit with the reason if it does not answer."""
    alerts = prometheus.get(url, "alerts")["alerts"]
    retention = prometheus.get(url, "status/runtimeinfo")["storageRetention"]
    return Vitals(prometheus.numbers(url, QUERIES), alerts, retention)


def lines(vitals: Vitals, now: float | None = None) -> list[Line]:
    """The lines of the page, each by its name."""
    figures = [(name, figure(vitals.numbers, parts) or WITHOUT.get(name, UNKNOWN)) for name, parts in LINES.items()]
    return [*figures, *firing(vitals.alerts, now or time.time())]


def figure(numbers: Mapping[str, float], parts: Mapping[str, tuple[str, Callable[[float], str]]]) -> str:
    """The text of one line, with the figures that are known."""
    known = [form.format(write(numbers[name])) for name, (form, write) in parts.items() if name in numbers]
    return ", ".join(known)


def firing(alerts: Iterable[Mapping[str, Any]], now: float) -> list[Line]:
    """A line for each firing alert, with its action."""
    found = [a for a in alerts if a["state"] == "firing" and a["labels"]["alertname"] != WATCHDOG]
    return [(ALERT, alert(entry, now)) for entry in found] or [("alerts", "none")]


def alert(entry: Mapping[str, Any], now: float) -> str:
    """The name of an alert, the labels that say where, for how long, what it means and what to do."""
    since = naturaldelta(now - datetime.fromisoformat(entry["activeAt"]).timestamp())
    notes = entry["annotations"]
    places = [f'{name}="{value}"' for name, value in entry["labels"].items() if name not in OBVIOUS]
    name = f"{entry['labels']['alertname']}{{{', '.join(places)}}}" if places else entry["labels"]["alertname"]
    return f"{name} for {since}: {notes.get('summary', '')} {notes.get('action', '')}".strip()
