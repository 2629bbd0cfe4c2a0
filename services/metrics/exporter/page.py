"""What a page is made of; a source that fails costs its own numbers, not the page."""

import logging
from collections.abc import Callable, Iterator
from typing import NamedTuple

from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from exporter import health, nginx, stats, uwsgi, workers

Source = Callable[[], Iterator[Metric]]
# What a page has beside the numbers that the container itself writes.
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
    """The numbers of one part of the pod."""

    service: str

    def is_fresh(self) -> bool:
        """Whether the container is alive: its first process writes every few seconds."""
        return stats.is_fresh(self.service)

    def text(self) -> bytes:
        return generate_latest(self)  # all that it needs of a registry is `collect`

    def collect(self) -> Iterator[Metric]:
        """Yield all that the sources know; `source_up` says of each whether it answered."""
        up = GaugeMetricFamily("source_up", "Whether a source of numbers answered", labels=["source"])
        sources: dict[str, Source] = {**SOURCES.get(self.service, {}), "stats": lambda: stats.collect(self.service)}
        for name, source in sources.items():
            try:
                yield from list(source())
                up.add_metric([name], 1)
            # Whatever a part answers, the others' numbers must not be lost with it.
            except Exception as error:  # noqa: BLE001
                logger.warning("%s did not answer: %s", name, error)
                up.add_metric([name], 0)
        yield up
