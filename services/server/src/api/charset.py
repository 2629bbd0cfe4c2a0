"""Requests are encoded in UTF-8: some codecs of Python are not for text (zlib, rot13), and fail when they are used."""

import codecs

from api import problems


def only_utf_8(get_response):
    """Middleware: refuse a body in another encoding."""

    def middleware(request):
        if is_utf_8(request.content_params.get("charset", "utf-8")):
            return get_response(request)
        return problems.answer(request, 415, "The charset must be utf-8.")

    return middleware


def is_utf_8(charset):
    try:
        return codecs.lookup(charset).name == "utf-8"
    except LookupError:
        return False
