"""JSON from a library that takes a fifth of the time, and pages that show it in a browser."""

import re

import orjson
from django.conf import settings
from django.template import loader
from django.utils.html import escape
from django.utils.safestring import mark_safe
from rest_framework.renderers import BaseRenderer, JSONRenderer

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
ADDRESS = re.compile(r"&quot;(https?://(?:(?!&quot;)\S)+)&quot;")  # a value in JSON whose quotes are escaped


class FastJSONRenderer(JSONRenderer):
    def render(self, data, accepted_media_type=None, renderer_context=None):
        """Return the bytes, indented for pages alone: `Accept` cannot ask for other bytes under the same ETag."""
        if data is None:
            return b""
        indent = orjson.OPT_INDENT_2 if (renderer_context or {}).get("indent") else 0
        return orjson.dumps(data, self.encoder_class().default, OPTIONS | indent)


class PageRenderer(BaseRenderer):
    """The JSON of a response as a page for a browser, of fewer rows: api/pagination.py.

    It has no forms, since browsers send no token; /docs/ has them. REST framework's own page costs four times as much.
    """

    media_type, format = "text/html", "api"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        view, request, response = (renderer_context[name] for name in ["view", "request", "response"])
        if response.status_code == 204:
            return ""
        context = {
            "api_title": settings.API_TITLE,
            "name": view.get_view_name(),
            "description": view.get_view_description(html=True),
            "request": request,
            "response": response,
            "headers": sorted({**response.headers, "Content-Type": JSONRenderer.media_type}.items()),
            "content": linked(FastJSONRenderer().render(data, None, {"indent": 2}).decode()),
            "parent": request.path.rstrip("/").rpartition("/")[0],
            "pages": pages(getattr(view, "paginator", None)),
        }
        return loader.get_template("docs/page.html").render(context)


def pages(paginator):
    """The links to the pages before and after that of a response, by their titles; none if it is not of a list."""
    if getattr(paginator, "page", None) is None:
        return {}
    return {"Previous": paginator.get_previous_link(), "Next": paginator.get_next_link()}


def linked(text):
    """JSON as HTML in which the addresses are links."""
    return mark_safe(ADDRESS.sub(r'&quot;<a href="\1" rel="nofollow">\1</a>&quot;', escape(text)))  # noqa: S308 - escaped
