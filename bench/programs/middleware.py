"""Print the CPU time of each middleware of the settings: a request with all of them, less a request without this one.

Prints JSON of {name: microseconds for a request}; "all" is the whole stack.
"""

import json
import os
import statistics
import tempfile
import time

# Before any metric is made, so that metrics are in files, as for the workers of uWSGI.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp()

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from bench.programs.wsgi import call
from config.wsgi import application

EMPTY_VIEW = "/healthcheck/live/"
REQUESTS, ROUNDS = 200, 40


def microseconds(handler: WSGIHandler) -> float:
    """The CPU time of a request to a view that does nothing."""
    start = time.process_time()
    for _ in range(REQUESTS):
        call(handler, "GET", EMPTY_VIEW)
    return (time.process_time() - start) / REQUESTS * 1e6


def stacks() -> dict[str, list[str]]:
    """The whole stack, the stack without each module's middleware, and an empty stack."""
    every = settings.MIDDLEWARE
    modules = dict.fromkeys(name.rpartition(".")[0] for name in every)
    without = {module: [name for name in every if name.rpartition(".")[0] != module] for module in modules}
    return {"every": every, **without, "all": []}


def with_middleware(middleware: list[str]) -> WSGIHandler:
    settings.MIDDLEWARE = middleware
    return WSGIHandler()


def costs() -> dict[str, float]:
    """The median of the differences within each round, since a disturbance affects the whole round."""
    handlers = {name: with_middleware(middleware) for name, middleware in stacks().items()}
    rounds = [{name: microseconds(handler) for name, handler in handlers.items()} for _ in range(ROUNDS)]
    names = [name for name in handlers if name != "every"]
    return {name: statistics.median(times["every"] - times[name] for times in rounds) for name in names}


if __name__ == "__main__":
    call(application, "GET", EMPTY_VIEW)
    print(json.dumps(costs()))
