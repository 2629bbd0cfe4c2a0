"""No request meets tables that the code does not know: it is answered once every migration is applied."""

from config import problems
from health import views

# Orchestrators and the exporter of the metrics ask how far it is.
EXEMPT = "/healthcheck/"
DETAILS = {"database": "The database is busy or away.", "schema": "The database is not migrated yet."}


class Gate:
    """Middleware: answer 503 until the database can be used; each process asks until then, and never again."""

    is_open = False

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if Gate.is_open or request.path_info.startswith(EXEMPT):
            return self.get_response(request)
        # Anew, since an answer that is a second old would refuse requests to a database that is back.
        down = [name for name, part in views.ask().items() if part["status"] != "up"]
        Gate.is_open = not down
        return self.refuse(request, DETAILS[down[0]]) if down else self.get_response(request)

    def refuse(self, request, detail):
        response = problems.answer(request, 503, detail)
        response["Retry-After"] = problems.RETRY_SECONDS
        return response
