"""Is the service able to work (ready), and is the process alive (live)?"""

import logging
import time
from contextlib import closing, contextmanager

from django.core.cache.backends.locmem import LocMemCache
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from health import database

logger = logging.getLogger(__name__)
# All parts together, so that the answer comes within two seconds.
DEADLINE_SECONDS = 1.5
# Anybody may ask, as often as they like; the database is asked once in this time by each worker.
KEPT_SECONDS = 1
kept = LocMemCache("health", {})


@never_cache
@csrf_exempt
@require_safe
def live(request):
    """Answer 200 as long as a worker answers at all."""
    return JsonResponse({"status": "up"})


@never_cache
@csrf_exempt
@require_safe
def ready(request):
    """Answer the state of each part: 200 when all are up, else 503."""
    parts = state()
    up = all(part["status"] == "up" for part in parts.values())
    return JsonResponse({"status": "up" if up else "down", "parts": parts}, status=200 if up else 503)


def state():
    """What `ask` has returned, a second ago at most."""
    if (parts := kept.get("parts")) is None:
        parts = ask()
        kept.set("parts", parts, KEPT_SECONDS)
    return parts


def ask():
    """Return the `status` (up or down) of each part, and the `milliseconds` that it took to find out.

    A schema that is `newer` than the code is up.
    """
    deadline = time.monotonic() + DEADLINE_SECONDS
    parts = {name: {"status": "down", "milliseconds": 0.0} for name in ("database", "schema")}
    try:
        with noted(parts["database"]):
            connection = database.connect(deadline)
        with closing(connection), noted(parts["schema"]):
            if database.require_migrations(connection, deadline):
                parts["schema"]["newer"] = True
    except database.UNUSABLE as error:
        # The answer is for everybody, so the reason is told to the log alone.
        logger.error("Database cannot be used: %s", error)
    return parts


@contextmanager
def noted(part):
    """Note in `part` how long the block takes, and that it is up unless the block raises."""
    start = time.perf_counter()
    try:
        yield
        part["status"] = "up"
    finally:
        part["milliseconds"] = round((time.perf_counter() - start) * 1000, 1)
