"""The benchmark: starts, requests, routes, observability and imports, measured beside their limits."""

from invoke import Collection, Context

from bench import load, observe, routes, start
from bench.legacy_import import legacy, measure_legacy
from bench.sandbox import BENCH, measure
from tasklib.core import project
from tasklib.core.menu import task
from tasklib.images.extra import build_extra

# The last one edits the copy in which all of them work.
EVERY = [
    load.measure,
    observe.measure,
    routes.measure,
    measure_legacy,
    start.measure,
]


@task(name="build")
def build_image(c: Context) -> None:
    """Build the image that holds the other servers and the HTTP client."""
    build_extra(c, project.this(), BENCH)


@task(name="run", default=True)
def measure_everything(c: Context) -> None:
    """Run the whole benchmark, which takes about 40 minutes."""
    measure(c, project.this(), *EVERY)


@task(name="start")
def measure_start(c: Context) -> None:
    """Measure the time of starts and rebuilds, image size and memory."""
    measure(c, project.this(), start.measure)


@task(name="load")
def measure_load(c: Context) -> None:
    """Compare requests per second and CPU time with other servers."""
    measure(c, project.this(), load.measure)


@task(name="observe")
def measure_observability(c: Context) -> None:
    """Measure what logging and metrics cost."""
    measure(c, project.this(), observe.measure)


@task(name="routes")
def measure_routes(c: Context) -> None:
    """Measure the CPU time of every kind of anonymous request."""
    measure(c, project.this(), routes.measure)


ns = Collection(
    "bench",
    build_image,
    legacy,
    measure_everything,
    measure_load,
    measure_observability,
    measure_routes,
    measure_start,
)
