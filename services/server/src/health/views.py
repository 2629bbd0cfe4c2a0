"""Whether the service can work (ready), and whether the process is alive (live)."""

import logging

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from api import problems
from health import liveness, state
from runtime.trouble import WORDS, Trouble

logger = logging.getLogger(__name__)
STUCK = Trouble("stuck", "The server is stuck.", 1)


@never_cache
@csrf_exempt
@require_safe
def live(request):
    """Answer 200 unless the master or the workers are stuck, which a restart would mend."""
    if fault := liveness.fault():
        logger.error("Not alive: %s", fault)
        return problems.answer_trouble(request, STUCK)
    return JsonResponse({"status": "up"})


@never_cache
@csrf_exempt
@require_safe
def ready(request):
    """Answer with the state of each part: 200 when all are up, else 503."""
    parts = state.latest()
    down = [part for part in parts.values() if part["status"] != "up"]
    body = {"status": "down" if down else "up", "parts": parts}
    headers = {"Retry-After": str(WORDS[down[0]["reason"]].retry_seconds)} if down else {}
    return JsonResponse(body, status=503 if down else 200, headers=headers)
