"""Put a page together from its sources; if one fails, only its metrics are missing."""

import logging
from collections.abc import Callable, Iterator
from typing import NamedTuple

from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from exporter import health, nginx, stats, uwsgi, workers

Source = Callable[[], Iterator[Metric]]
# The sources of a page beside the files that the container itself writes.
SOURCES: dict[str, dict[str, Source]] = {
    "server": {
        "workers": workers.collect,
        "uwsgi": uwsgi.collect,
        "nginx": nginx.collect,
        "health": health.collect,
    },
}
logger = logging.getLogger(__name__)


class Page(NamedTuple):
    """The metrics of one container."""

    service: str

    def is_fresh(self) -> bool:
        """Whether the container is alive: its first process writes every few seconds."""
        return stats.is_fresh(self.service)

    def text(self) -> bytes:
        return generate_latest(self)  # it needs only `collect` of a registry

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics of all sources; `source_up` says whether each one answered."""
        up = GaugeMetricFamily("source_up", "Whether a source of numbers answered", labels=["source"])
        sources: dict[str, Source] = {**SOURCES.get(self.service, {}), "stats": lambda: stats.collect(self.service)}
        for name, source in sources.items():
            try:
                yield from list(source())
                up.add_metric([name], 1)
            # Whatever a source answers, the metrics of the others must stay.
            except Exception as error:  # noqa: BLE001
                logger.warning("%s did not answer: %s", name, error)
                up.add_metric([name], 0)
        yield up
