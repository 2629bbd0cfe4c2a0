"""Whether the service can work (ready), and whether the process is alive (live)."""

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from health import state
from runtime.trouble import WORDS


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
    """Answer with the state of each part: 200 when all are up, else 503."""
    parts = state.latest()
    down = [part for part in parts.values() if part["status"] != "up"]
    body = {"status": "down" if down else "up", "parts": parts}
    headers = {"Retry-After": str(WORDS[down[0]["reason"]].retry_seconds)} if down else {}
    return JsonResponse(body, status=503 if down else 200, headers=headers)
