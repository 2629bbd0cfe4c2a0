"""Check the service as users see it: through nginx and a worker to the database and its migrations."""

import json
import time
from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from exporter import http

URL = "http://127.0.0.1:8081/healthcheck/"  # which does not log its requests: services/server/nginx/sites.conf


def collect() -> Iterator[Metric]:
    """Yield the state of the service and of each part; no answer in time means down."""
    start = time.monotonic()
    try:
        status, body = http.get(URL)
        parts = json.loads(body)["parts"] if status in (200, 503) else {}
    except (OSError, ValueError, LookupError):
        status, parts = 0, {}
    yield GaugeMetricFamily("health_up", "Whether /healthcheck/ answers 200", int(status == 200))
    yield GaugeMetricFamily("health_seconds", "How long that took", time.monotonic() - start)
    family = GaugeMetricFamily("health_part_up", "Whether a part of /healthcheck/ is up", labels=["part"])
    for name, part in parts.items():
        family.add_metric([name], int(part["status"] == "up"))
    yield family
