"""Is the service able to work (ready), and is the process alive (live)?"""

import logging
import time

from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def live(request):
    """Answer 200 as long as a worker answers at all."""
    return JsonResponse({"status": "up"})


@never_cache
@require_safe
def ready(request):
    """Answer the state of each part: 200 when all are up, else 503."""
    parts = {"database": database_state()}
    up = all(part["status"] == "up" for part in parts.values())
    return JsonResponse({"status": "up" if up else "down", "parts": parts}, status=200 if up else 503)


def database_state():
    """Return `status` (up or down) and the `milliseconds` that one query took."""
    start = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        status = "up"
    except DatabaseError as error:
        logger.error("Database cannot be used: %s", error)
        status = "down"
    return {"status": status, "milliseconds": round((time.perf_counter() - start) * 1000, 1)}
