"""The rules of the route of a request: its methods, its query parameters, and one spelling of each identifier."""

from functools import cache
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from django.core.exceptions import FieldDoesNotExist, ValidationError
from rest_framework.mixins import ListModelMixin

from api import problems

ADMIN = "admin"  # the namespace of pages that are not of the API
ADMIN_METHODS = ("GET", "HEAD", "POST")
READING = {"GET", "HEAD"}
SHOWN = 10  # faults in one response: a query may hold a thousand


class Route(NamedTuple):
    """The methods, parameters and identifiers that a view declares."""

    methods: tuple[str, ...]  # none where a function refuses them itself
    parameters: dict[str, bool]  # of GET and HEAD: the name, and whether it may be repeated
    identifier: str  # the name of its argument in the path
    column: Any  # the field of the model that the identifier is looked up in


class Routes:
    """Middleware: refuse what no view of the route takes, before any word on CSRF, tokens or permissions.

    A view without filters names the parameters that it reads in `query_parameters`.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "OPTIONS" and "PATCH" in response.get("Allow", ""):
            response["Accept-Patch"] = problems.ACCEPTED  # RFC 5789, 3.1
        return response

    def process_view(self, request, view, args, kwargs):
        if ADMIN in request.resolver_match.namespaces:
            return refuse_in_admin(request)
        route = route_of(view)
        if route.methods and request.method not in route.methods:
            # REST framework may answer with a page, and needs no token for it: api/problems.py.
            return None if hasattr(view, "cls") else method_not_allowed(request, route.methods)
        if route.column and route.identifier in kwargs and not is_canonical(route.column, kwargs[route.identifier]):
            return problems.answer(request, 404, "No object has this identifier.")
        return check_query(request, route) if request.META.get("QUERY_STRING") else None


@cache
def route_of(view):
    """The route of a view function; cached, since a view never changes."""
    view_class = getattr(view, "cls", None) or getattr(view, "view_class", None)
    declared = dict.fromkeys(getattr(view_class or view, "query_parameters", ()), False)
    lists = is_list(view, view_class)
    parameters = declared | (parameters_of_list(view_class) if lists else {})
    return Route(methods_of(view, view_class), parameters, *identifier_of(view_class))


def methods_of(view, view_class):
    """The methods that a view has a handler for, in the order of Django's `http_method_names`."""
    if view_class is None:
        return ()
    actions = getattr(view, "actions", None)  # of a viewset
    has = actions.__contains__ if actions else lambda name: hasattr(view_class, name)
    names = [name for name in view_class.http_method_names if name == "options" or has(name) or is_head(name, has)]
    return tuple(name.upper() for name in names)


def is_head(name, has):
    """Whether a method is HEAD, which every view has that has GET."""
    return name == "head" and has("get")


def is_list(view, view_class):
    """Whether GET answers a list."""
    if actions := getattr(view, "actions", None):
        return actions.get("get") == "list"
    return view_class is not None and issubclass(view_class, ListModelMixin)


def parameters_of_list(view_class):
    """The query parameters of a list, as its filters and its paginator describe them."""
    view = view_class()
    sources = [*(backend() for backend in view.filter_backends), *([view.paginator] if view.paginator else [])]
    described = [item for source in sources for item in source.get_schema_operation_parameters(view)]
    return {item["name"]: item.get("explode", False) for item in described}


def identifier_of(view_class):
    """The name of a view's argument in the path and the field it is looked up in; no field where it is not plain."""
    name = getattr(view_class, "lookup_field", "")
    queryset = getattr(view_class, "queryset", None)
    if not name or queryset is None:
        return "", None
    options = queryset.model._meta
    try:
        column = options.pk if name == "pk" else options.get_field(name)
    except FieldDoesNotExist:
        column = None
    return view_class.lookup_url_kwarg or name, column


def is_canonical(column, text):
    """Whether a text is the one spelling of a value: not `01`, `+1` or digits of another script."""
    try:
        return str(column.to_python(text)) == text
    except (ValidationError, ValueError):
        return False


def refuse_in_admin(request):
    """The response to a method that no page takes, and to the form of one who is not logged in; else None."""
    if request.method not in ADMIN_METHODS:
        return method_not_allowed(request, ADMIN_METHODS)
    # Reading a form for its CSRF token may take a hundred times as long as this.
    is_known = request.method != "POST" or request.resolver_match.url_name == "login" or request.user.is_authenticated
    return None if is_known else problems.answer(request, 403, "Log in first.")


def method_not_allowed(request, methods):
    response = problems.answer(request, 405, f'Method "{request.method}" not allowed.')
    response["Allow"] = ", ".join(methods)
    return response


def check_query(request, route):
    """The response to a query with unknown or repeated parameters, or in another encoding; None where it is right."""
    try:
        unquote_to_bytes(request.META["QUERY_STRING"]).decode()
    except UnicodeDecodeError:
        return problems.answer(request, 400, "The query is not in UTF-8.")
    known = route.parameters if request.method in READING else {}
    faults = [fault for name, values in request.GET.lists() if (fault := fault_of(known, name, values))]
    return problems.refuse_query(request, faults[:SHOWN]) if faults else None


def fault_of(known, name, values):
    """The fault of a parameter: its name, a code and a sentence; None where there is none."""
    if name not in known:
        names = ", ".join(f'"{known_name}"' for known_name in sorted(known)) or "none"
        return name, "unknown", f"This parameter is unknown here. Known are: {names}."
    if len(values) > 1 and not known[name]:
        return name, "repeated", "This parameter may be given once."
    return None
