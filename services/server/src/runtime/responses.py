"""Redirects and empty responses as HTTP has them, whatever part of Django or REST framework they come from."""

from urllib.parse import urlsplit


def conform(get_response):
    """Middleware: let redirects keep the method, and responses without content say nothing of a length."""

    def middleware(request):
        response = get_response(request)
        if response.status_code == 301:
            keep_method(response)
        elif response.status_code == 204:
            # RFC 9110, 8.6.
            del response["Content-Length"]
        return response

    return middleware


def keep_method(response):
    """Make 308 of a 301, after which clients repeat a POST as GET; nobody stores it, or names a port in it."""
    response.status_code = 308
    response["Cache-Control"] = "no-store"
    location = urlsplit(response["Location"])
    # The port of Host is not checked, and HTTPS has its own.
    host = location.netloc.rpartition(":")[0] if location.port else location.netloc
    response["Location"] = location._replace(netloc=host).geturl()
