"""Refuses requests to a part of the service in which too many wait for the database: runtime/waiting.py."""

from api import problems
from runtime import waiting
from runtime.trouble import BUSY


class Refusal:
    """Middleware: answer 503 at once, so that a locked table does not take the workers from other requests."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if waiting.refuses(request):
            return problems.answer_trouble(request, BUSY)
        return None
