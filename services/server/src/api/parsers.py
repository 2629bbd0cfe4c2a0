"""Request bodies."""

import io

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class SafeJSONParser(JSONParser):
    """JSON of a limited size; one that is nested too deeply is the client's error, not the server's."""

    def parse(self, stream, media_type=None, parser_context=None):
        # By `body`, which alone heeds DATA_UPLOAD_MAX_MEMORY_SIZE.
        body = io.BytesIO(parser_context["request"].body)
        try:
            return super().parse(body, media_type, parser_context)
        except RecursionError as error:
            raise ParseError("JSON is nested too deeply") from error
