"""Holds back requests until every migration of the code is applied, so that none meets unknown tables."""

import time

from api import problems
from health import state
from runtime import waiting
from runtime.trouble import WORDS

# Orchestrators and the exporter of the metrics read how far the start is.
EXEMPT = "/healthcheck/"


class Gate:
    """Middleware: answer 503 until the database can be used; each process checks until then, and never again."""

    is_open = False

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if Gate.is_open or request.path_info.startswith(EXEMPT):
            return self.get_response(request)
        # Not state.latest(): a result that is a second old would refuse requests to a database that is back.
        waiting.note(time.monotonic())
        try:
            down = [part for part in state.check().values() if part["status"] != "up"]
        finally:
            waiting.forget()
        Gate.is_open = not down
        return problems.answer_trouble(request, WORDS[down[0]["reason"]]) if down else self.get_response(request)
