"""JSON is UTF-8, whatever a charset says (RFC 8259, sections 8.1 and 11), and a body comes without a coding."""

from api import problems

ASCII = bytes(range(128))


def only_utf_8(get_response):
    """Middleware: refuse a body that says it is compressed, or in an encoding in which even ASCII is written otherwise.

    Some codecs of Python are not for text (zlib, rot13), and fail when they are used.
    """

    def middleware(request):
        if request.META.get("CONTENT_LENGTH") in {None, "", "0"}:
            return get_response(request)
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            response = problems.answer(request, 415, "The body must come without a Content-Encoding.")
            response["Accept-Encoding"] = "identity"
            return response
        if not is_ascii_based(request.content_params.get("charset") or "utf-8"):
            return problems.answer(request, 415, "The charset must be utf-8.")
        return get_response(request)

    return middleware


def is_ascii_based(charset):
    """Whether a charset is an encoding of text in which ASCII is ASCII."""
    try:
        return ASCII.decode().encode(charset) == ASCII
    except (LookupError, ValueError):
        return False
