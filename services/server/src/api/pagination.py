"""Pages by cursor whose links are in the `Link` header (RFC 8288), so that the body stays an array."""

import re

from rest_framework.exceptions import NotFound, ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response


class LinkHeaderPagination(CursorPagination):
    ordering = "-id"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200

    def get_page_size(self, request):
        limit = request.query_params.get(self.page_size_query_param, str(self.page_size))
        if not re.fullmatch("[1-9][0-9]{0,3}", limit) or int(limit) > self.max_page_size:
            raise ParseError(f"{self.page_size_query_param} must be a whole number from 1 to {self.max_page_size}.")
        return int(limit)

    def decode_cursor(self, request):
        cursor = super().decode_cursor(request)
        # The position is a 64-bit id; a tampered one would fail in the database, and be a 500.
        if cursor and cursor.position and not re.fullmatch("[0-9]{1,19}", str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor

    def get_paginated_response(self, data):
        links = {"next": self.get_next_link(), "prev": self.get_previous_link()}
        header = ", ".join(f'<{link}>; rel="{name}"' for name, link in links.items() if link)
        return Response(data, headers={"Link": header} if header else None)

    def get_paginated_response_schema(self, schema):
        return schema
