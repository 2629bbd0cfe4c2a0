"""Print what each middleware of the settings costs: the request without it against the request with all.

Prints JSON of {name: microseconds of CPU for a request}; "all" are those of the whole stack.
"""

import json
import os
import statistics
import tempfile
import time

# Before anything makes a metric: in files that workers share, as below uWSGI.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp()

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from bench.programs.wsgi import ask
from config.wsgi import application

EMPTY_VIEW = "/healthcheck/live/"
REQUESTS, ROUNDS = 200, 40


def microseconds(handler: WSGIHandler) -> float:
    """The CPU time of one request to a view that does nothing."""
    start = time.process_time()
    for _ in range(REQUESTS):
        ask(handler, "GET", EMPTY_VIEW)
    return (time.process_time() - start) / REQUESTS * 1e6


def stacks() -> dict[str, list[str]]:
    """Every middleware; without those of each module; without any."""
    every = settings.MIDDLEWARE
    modules = dict.fromkeys(name.rpartition(".")[0] for name in every)
    without = {module: [name for name in every if name.rpartition(".")[0] != module] for module in modules}
    return {"every": every, **without, "all": []}


def handler(middleware: list[str]) -> WSGIHandler:
    settings.MIDDLEWARE = middleware
    return WSGIHandler()


def costs() -> dict[str, float]:
    """The median of the differences within each round, as what disturbs a round disturbs all of it."""
    handlers = {name: handler(middleware) for name, middleware in stacks().items()}
    rounds = [{name: microseconds(one) for name, one in handlers.items()} for _ in range(ROUNDS)]
    return {name: statistics.median(one["every"] - one[name] for one in rounds) for name in handlers if name != "every"}


if __name__ == "__main__":
    ask(application, "GET", EMPTY_VIEW)
    print(json.dumps(costs()))
