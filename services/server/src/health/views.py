"""Whether the service can work (ready), and whether the process is alive (live)."""

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from health import state


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
    up = all(part["status"] == "up" for part in parts.values())
    return JsonResponse({"status": "up" if up else "down", "parts": parts}, status=200 if up else 503)
