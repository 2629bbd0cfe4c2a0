"""Template variables of every page."""

from django.conf import settings


def title(request):
    """A context processor: the name of the API."""
    return {"api_title": settings.API_TITLE}
