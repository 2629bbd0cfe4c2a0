"""ETags of representations, and conditional reading (RFC 9110, sections 8.8 and 13)."""

import gzip

from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_http_date_safe, split_directive_names

from api.conditional import READING, compressed, etag, failed_precondition
from api.negotiation import weighted

LARGE = 1024  # bytes, as gzip_min_length in nginx.conf
# RFC 9110, 15.4.5.
KEPT = ["Cache-Control", "Content-Location", "ETag", "Expires", "Last-Modified", "Vary"]


def conditional(get_response):
    """Middleware: give what is read an ETag, and answer 304 or 412 as the preconditions say."""

    def middleware(request):
        response = get_response(request)
        if response.streaming or not 200 <= response.status_code < 300:
            return response
        if request.method in READING and "ETag" not in response and is_stored(response):
            response["ETag"] = etag(response.content)
        compress_object(request, response)
        return evaluate(request, response) if request.method in READING else response

    return middleware


def is_stored(response):
    """Whether a client may keep the response, so that an ETag means something."""
    return response.content and "no-store" not in split_directive_names(response.get("Cache-Control", ""))


def compress_object(request, response):
    """Compress a single object under an ETag of its own: nginx would make the ETag weak, and so useless in If-Match."""
    if "ETag" not in response or len(response.content) < LARGE or not isinstance(getattr(response, "data", None), dict):
        return
    patch_vary_headers(response, ["Accept-Encoding"])
    if accepts_gzip(request):
        response.content = gzip.compress(response.content, mtime=0)
        response["Content-Encoding"], response["Content-Length"] = "gzip", str(len(response.content))
        response["ETag"] = compressed(response["ETag"])


def accepts_gzip(request):
    accepted = [*weighted(request.headers.get("Accept-Encoding", "").split(","))]
    return bool(next((weight for name, weight in accepted if name == "gzip"), 0))


def evaluate(request, response):
    """The response, or the one that the preconditions of the request ask for instead."""
    modified = parse_http_date_safe(response.get("Last-Modified", ""))
    # Without an ETag there is a representation all the same, which `*` names.
    status = failed_precondition(request, {response.get("ETag", "")}, modified)
    if status == 304:
        unchanged = HttpResponseNotModified()
        for name in KEPT:
            if name in response:
                unchanged[name] = response[name]
        unchanged.cookies = response.cookies
        return unchanged
    return HttpResponse(status=status) if status else response
