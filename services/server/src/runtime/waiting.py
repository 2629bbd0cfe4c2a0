"""Requests that wait long for the database may hold half of the workers, so that all other requests are answered.

Each worker records its own wait in the shared cache. While too many wait, the latest statements are cancelled, and
paths with the same first segment are refused at once: health/overload.py.
"""

import logging
import time

from django.core.cache import cache

from runtime.log import current, route_of

try:
    import uwsgi
except ImportError:  # under manage.py and pytest
    uwsgi = None

logger = logging.getLogger(__name__)
# A wait is recorded again and again (patience.py); after this time the worker does something else, or is stuck.
FRESH_SECONDS = 2
# Enough for the requests that queue, which then take no worker; soon over when the table is back.
REFUSED_SECONDS = 2


def count():
    """The number of workers."""
    return uwsgi.numproc if uwsgi else 1


def me():
    return uwsgi.worker_id() if uwsgi else 1


def workers():
    """When each worker that waits for the database began to, by the worker's number."""
    records = {number: cache.get(f"waits:{number}") for number in range(1, count() + 1)}
    oldest = time.monotonic() - FRESH_SECONDS
    return {number: record[0] for number, record in records.items() if record and record[1] > oldest}


def note(began):
    """Record that this worker waits since `began` (time.monotonic(), seconds)."""
    cache.set(f"waits:{me()}", (began, time.monotonic()), FRESH_SECONDS)


def is_too_many(began):
    """Whether enough others have waited for longer than this worker, which waits since `began`."""
    earlier = [number for number, other in workers().items() if (other, number) < (began, me())]
    if len(earlier) < max(1, count() // 2):
        return False
    if request := current.get():
        logger.warning("Requests to /%s are refused: too many wait for the database", part(request))
        cache.set(key(request), time.monotonic(), REFUSED_SECONDS)
    return True


def forget():
    """Record that this worker does not wait any more."""
    cache.delete(f"waits:{me()}")


def refuses(request):
    """Whether requests to this part of the service are refused for now."""
    since = cache.get(key(request))
    # uWSGI removes an entry up to three seconds after its time.
    return since is not None and time.monotonic() - since < REFUSED_SECONDS


def key(request):
    return f"refused:{part(request)}"


def part(request):
    """The first segment of the route of a request."""
    return route_of(request).partition("/")[0]
