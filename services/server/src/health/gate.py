"""Holds back requests until every migration of the code is applied, so that none meets unknown tables."""

from api import problems
from health import state

# Orchestrators and the exporter of the metrics read how far the start is.
EXEMPT = "/healthcheck/"
DETAILS = {"database": "The database is busy or away.", "schema": "The database is not migrated yet."}


class Gate:
    """Middleware: answer 503 until the database can be used; each process checks until then, and never again."""

    is_open = False

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if Gate.is_open or request.path_info.startswith(EXEMPT):
            return self.get_response(request)
        # Not state.latest(): a result that is a second old would refuse requests to a database that is back.
        down = [name for name, part in state.check().items() if part["status"] != "up"]
        Gate.is_open = not down
        return self.refuse(request, DETAILS[down[0]]) if down else self.get_response(request)

    def refuse(self, request, detail):
        response = problems.answer(request, 503, detail)
        response["Retry-After"] = problems.RETRY_SECONDS
        return response
