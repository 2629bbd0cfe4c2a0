"""The counters of nginx: http://nginx.org/en/docs/http/ngx_http_stub_status_module.html"""

import re
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from exporter import http

PORT, PATH = 8081, "/nginx"  # services/server/nginx/sites.conf
FORM = re.compile(
    r"Active connections: (\d+)\s+server accepts handled requests\s+(\d+) (\d+) (\d+)\s+"
    r"Reading: (\d+) Writing: (\d+) Waiting: (\d+)"
)


def collect() -> Iterator[Metric]:
    """Yield connections and requests. Raises OSError; AttributeError if the page has another form."""
    _, body = http.get(PORT, PATH)
    _, accepted, handled, requests, *states = map(int, FORM.match(body.decode()).groups())  # type: ignore[union-attr]
    connections = GaugeMetricFamily("nginx_connections", "Open connections of clients", labels=["state"])
    for state, count in zip(["reading", "writing", "waiting"], states, strict=True):
        connections.add_metric([state], count)
    yield connections
    yield CounterMetricFamily("nginx_connections_accepted", "Connections that clients have opened", accepted)
    yield CounterMetricFamily("nginx_connections_refused", "Connections closed for want of room", accepted - handled)
    yield CounterMetricFamily("nginx_requests", "Requests of clients, for static files as well", requests)
