"""The OpenAPI description, as `inv schema` wrote it, its pages, and the way to them from `/`."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import get_resolver, reverse
from django.utils.csp import CSP
from django.views.decorators.cache import cache_control
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django.views.generic import TemplateView

from api.negotiation import weight_of, weighted

# https://spec.openapis.org/oas/v3.1.1.html#media-types
CONTENT_TYPE = "application/vnd.oai.openapi+json;version=3.1"
# Read once, and shared by the workers.
SCHEMA = Path(__file__).with_name("openapi.json").read_bytes()
# Redoc adds two style elements to the page: one that its script fills later, and one with a fixed text.
REDOC_STYLES = [
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='",
]


@csrf_exempt
@require_safe
@vary_on_headers("Accept")
def root(request):
    """Lead a browser to the docs, and tell a client the addresses of the resources."""
    accepted = [*weighted(request.headers.get("Accept", "").split(","))]
    if weight_of("text/html", accepted) > weight_of("application/json", accepted):
        return HttpResponseRedirect(reverse("docs"))
    return JsonResponse({name: request.build_absolute_uri(f"/{name}/") for name in resources()})


@cache
def resources():
    """The first parts of all paths but the admin's."""
    patterns = [pattern for pattern in get_resolver().url_patterns if getattr(pattern, "namespace", None) != "admin"]
    return sorted(name for pattern in patterns if (name := str(pattern.pattern).strip("/")))


@csrf_exempt
@require_safe
@cache_control(public=True, max_age=300)
def schema(request):
    """Answer with the OpenAPI description as JSON."""
    return HttpResponse(SCHEMA, content_type=CONTENT_TYPE)


swagger = TemplateView.as_view(template_name="docs/swagger.html")
redoc_policy = csp_override({**settings.SECURE_CSP, "style-src": [CSP.SELF, *REDOC_STYLES]})
redoc = redoc_policy(TemplateView.as_view(template_name="docs/redoc.html"))
