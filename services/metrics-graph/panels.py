"""What the dashboards show. Every query finds data while the service is used: system-test/test_dashboards.py."""

from dataclasses import dataclass
from typing import NamedTuple

USERS = 'view!~"health.*"'  # probes are no users: services/metrics/recorded.yml
RESPONSES = "django_http_responses_total_by_status_view_method_total"
LATENCY = "django_http_requests_latency_seconds_by_view_method_bucket"
WINDOW = "[$__rate_interval]"


@dataclass(frozen=True)
class Panel:
    """A title, what it means, the unit by its name in Grafana's library, and the queries by their legends."""

    title: str
    meaning: str
    unit: str
    queries: dict[str, str]
    width: int = 12
    height: int = 8


@dataclass(frozen=True)
class Number(Panel):
    """One number, as it is now."""

    width: int = 6
    height: int = 4


@dataclass(frozen=True)
class Graph(Panel):
    """Lines over time."""


class Board(NamedTuple):
    """A dashboard: its panels, from left to right and from top to bottom."""

    title: str
    panels: list[Panel]


def quantiles(buckets: str) -> dict[str, str]:
    """The latency that half, and all but 5 and 1 of 100 requests keep."""
    return {f"p{percent}": f"histogram_quantile({percent / 100}, {buckets})" for percent in (50, 95, 99)}


DASHBOARDS = {
    "overview": Board("Overview", [
        Number("Requests", "Of users; probes are left out.", "RequestsPerSecond",
               {"requests": "pod:requests:rate5m"}),
        Number("Failed", "Answers 5xx among all.", "PercentUnit",
               {"failed": "pod:errors:rate5m / pod:requests:rate5m"}),
        Number("p99", "All but one of 100 requests are faster.", "Seconds",
               {"p99": "histogram_quantile(0.99, pod:latency_bucket:rate5m)"}),
        Number("Firing alerts", "Each says what to do: port 9090, Alerts.", "Short", {"alerts": "pod:alerts:count"}),
        Graph("Requests by status", "How users are answered.", "RequestsPerSecond",
              {"{{status}}": f"sum by (status) (rate({RESPONSES}{{{USERS}}}{WINDOW}))"}),
        Graph("Latency", "The time in Django, without nginx.", "Seconds", quantiles("pod:latency_bucket:rate5m")),
        Graph("Requests by view", "What users ask for.", "RequestsPerSecond",
              {"{{view}}": f"sum by (view) (rate({RESPONSES}{{{USERS}}}{WINDOW}))"}),
        Graph("p95 by view", "Which view is slow.", "Seconds",
              {"{{view}}": f"histogram_quantile(0.95, sum by (le, view) (rate({LATENCY}{{{USERS}}}{WINDOW})))"}),
        Graph("Parts that answer", "1 where Prometheus can read the part, 0 where not.", "Short",
              {"{{job}}": "min by (job) (up)"}),
    ]),
    "saturation": Board("Saturation", [
        Number("Busy workers", "At 1, requests begin to wait.", "PercentUnit",
               {"busy": 'sum(uwsgi_workers{state="busy"}) / sum(uwsgi_workers)'}),
        Number("Waiting requests", "For a worker; past the limit of the queue is a 502.", "Short",
               {"waiting": "sum(uwsgi_queue)"}),
        Number("Connections of the database", "Of those that it takes.", "PercentUnit",
               {"used": "sum(postgres_connections) / max(postgres_connections_limit)"}),
        Number("Free disk", "Of the fullest one.", "PercentUnit",
               {"free": "min(pod_disk_free_bytes / pod_disk_bytes)"}),
        Graph("Memory", "Of what each part may use.", "PercentUnit",
              {"{{job}}": "max by (job) (pod_memory_bytes / pod_memory_limit_bytes)"}),
        Graph("CPU", "Cores that each part keeps busy.", "Short",
              {"{{job}}": f"sum by (job) (rate(pod_cpu_seconds_total{WINDOW}))"}),
        Graph("Connections of clients", "At nginx; waiting ones are kept alive.", "Short",
              {"{{state}}": "sum by (state) (nginx_connections)"}),
        Graph("Volumes", "What the data takes.", "BytesIEC",
              {"{{job}} {{path}}": "sum by (job, path) (pod_volume_bytes)"}),
    ]),
    "database": Board("Database", [
        Graph("Transactions", "By how they end.", "CountsPerSecond",
              {"{{end}}": f"sum by (end) (rate(postgres_transactions_total{WINDOW}))"}),
        Graph("Connections", "By what they do.", "Short", {"{{state}}": "sum by (state) (postgres_connections)"}),
        Graph("Size", "Of each database.", "BytesIEC", {"{{database}}": "postgres_database_bytes"}),
        Graph("Read from memory", "Blocks that needed no disk, of all.", "PercentUnit",
              {"memory": f'sum(rate(postgres_blocks_total{{from="memory"}}{WINDOW})) '
                         f"/ sum(rate(postgres_blocks_total{WINDOW}))"}),
        Graph("Waiting for locks", "Sessions; any that stays is a matter.", "Short",
              {"waiting": "sum(postgres_waiting_for_locks)"}),
        Graph("Longest transaction", "Nothing is cleaned up behind it.", "Seconds",
              {"longest": "max(postgres_longest_transaction_seconds)"}),
        Graph("Written ahead", "The log of writes.", "BytesPerSecondIEC",
              {"log": f"sum(rate(postgres_wal_bytes_total{WINDOW}))"}),
    ]),
    "logs": Board("Logs", [
        Number("Dropped", "Lines that never reached the log, in a second; any is a matter.", "CountsPerSecond",
               {"dropped": f"sum(rate(pod_log_lines_dropped_total{WINDOW}))"}),
        Number("Waiting to be stored", "In the containers that wrote them.", "Short",
               {"waiting": "sum(pod_log_lines_waiting)"}),
        Number("Waiting to be sent on", "On disk, for the facility; 0 without one.", "Short",
               {"waiting": "sum(rsyslog_forward_waiting)"}),
        Number("Not sent on", "Lines left out in a second, since too many waited; all are stored.", "CountsPerSecond",
               {"left out": f"sum(rate(rsyslog_forward_discarded_total{WINDOW}))"}),
        Graph("Lines by service", "What each writes.", "CountsPerSecond",
              {"{{service}}": f"sum by (service) (rate(pod_log_lines_sent_total{WINDOW}))"}),
        Graph("Lines at the log", "What it takes, stores, and sends on.", "CountsPerSecond",
              {"received": f"sum(rate(rsyslog_received_total{WINDOW}))",
               "stored": f"sum(rate(rsyslog_stored_total{WINDOW}))",
               "sent on": f"sum(rate(rsyslog_forward_sent_total{WINDOW}))"}),
        Graph("Size", "Of the stored lines, with those that wait to be sent on.", "BytesIEC",
              {"lines": 'sum(pod_volume_bytes{job="log"})'}),
    ]),
    "metrics": Board("Prometheus", [
        Number("Series", "What is known at once; steady, whatever users ask for.", "Short",
               {"series": 'prometheus_tsdb_head_series{job="metrics"}'}),
        Number("Memory", "Of Prometheus itself.", "BytesIEC",
               {"memory": 'process_resident_memory_bytes{job="metrics"}'}),
        Number("Bound of the data", "The oldest block goes when it is reached.", "BytesIEC",
               {"bound": 'prometheus_tsdb_retention_limit_bytes{job="metrics"}'}),
        Number("Rules", "How long all rules take.", "Seconds",
               {"rules": 'sum(prometheus_rule_group_last_duration_seconds{job="metrics"})'}),
        Graph("Data on disk", "Blocks, and the log of what is in none yet.", "BytesIEC",
              {"blocks": 'prometheus_tsdb_storage_blocks_bytes{job="metrics"}',
               "log": 'prometheus_tsdb_wal_storage_size_bytes{job="metrics"}'}),
        Graph("Samples", "How many are stored.", "CountsPerSecond",
              {"samples": f'sum(rate(prometheus_tsdb_head_samples_appended_total{{job="metrics"}}{WINDOW}))'}),
        Graph("Time of a scrape", "How long a part takes to answer.", "Seconds",
              {"{{job}}": "max by (job) (scrape_duration_seconds)"}),
    ]),
}  # fmt: skip
