"""Check the service as users see it: through nginx and a worker to the database and its migrations."""

import json
import time
from collections.abc import Iterator
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from exporter import http

PORT, PATH = 8081, "/healthcheck/"  # a port that does not log its requests: services/server/nginx/sites.conf
PARTS = {"database", "schema"}  # services/server/src/health/


def collect() -> Iterator[Metric]:
    """Yield the state of the service and of each part; no answer in time means down."""
    start = time.monotonic()
    try:
        status, body = http.get(PORT, PATH)
        parts = states(json.loads(body)) if status in (200, 503) else {}
    # Whatever comes instead, the service is not healthy.
    except Exception:  # noqa: BLE001
        status, parts = 0, {}
    yield GaugeMetricFamily("health_up", "Whether /healthcheck/ answers 200", int(status == 200))
    yield GaugeMetricFamily("health_seconds", "How long that took", time.monotonic() - start)
    family = GaugeMetricFamily("health_part_up", "Whether a part of /healthcheck/ is up", labels=["part"])
    for name, is_up in parts.items():
        family.add_metric([name], is_up)
    yield family


def states(answer: Any) -> dict[str, bool]:
    """Whether each known part is up. Raises LookupError and TypeError."""
    return {name: part["status"] == "up" for name, part in answer["parts"].items() if name in PARTS}
