"""Parsers of request bodies."""

import io

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class SafeJSONParser(JSONParser):
    """Parses JSON of a limited size; JSON that is nested too deeply is a 400, not a 500."""

    def parse(self, stream, media_type=None, parser_context=None):
        # Only `body` checks DATA_UPLOAD_MAX_MEMORY_SIZE.
        body = io.BytesIO(parser_context["request"].body)
        try:
            # RFC 8259: a charset has no effect. protocol/bodies.py refuses those that would be read wrongly.
            return super().parse(body, media_type, {**parser_context, "encoding": "utf-8"})
        except RecursionError as error:
            raise ParseError("JSON is nested too deeply") from error
