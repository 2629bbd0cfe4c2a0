"""Pages by cursor whose links are in the `Link` header (RFC 8288), so that the body stays an array."""

import re
from urllib.parse import parse_qs, urlsplit

from rest_framework.exceptions import ErrorDetail, NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response

from api.problems import InvalidQuery

LARGEST = 2**63 - 1  # of the ids, which positions are


class LinkHeaderPagination(CursorPagination):
    ordering = "-id"
    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    # Of a page for a browser, so that it costs less than the largest page of JSON. The next ones are a link away.
    max_html_rows = 20
    invalid_cursor_message = 'The parameter "cursor" must be taken from a Link header.'

    def get_page_size(self, request):
        limit = request.query_params.get(self.page_size_query_param, str(self.page_size))
        if not re.fullmatch("[1-9][0-9]{0,3}", limit) or int(limit) > self.max_page_size:
            sentence = f"This must be a whole number from 1 to {self.max_page_size}."
            raise InvalidQuery({self.page_size_query_param: [ErrorDetail(sentence, "invalid")]})
        is_html = getattr(getattr(request, "accepted_renderer", None), "format", "") == "api"
        return min(int(limit), self.max_html_rows) if is_html else int(limit)

    def decode_cursor(self, request):
        cursor = super().decode_cursor(request)
        if cursor is not None and not self.is_own(cursor, request.query_params[self.cursor_query_param]):
            raise NotFound(self.invalid_cursor_message)
        return cursor

    def is_own(self, cursor, text):
        """Whether a cursor is one of a Link header, in its one spelling: another could fail in the database."""
        position = str(cursor.position or 0)
        query = urlsplit(self.encode_cursor(cursor)).query
        is_id = re.fullmatch("0|[1-9][0-9]{0,18}", position) and int(position) <= LARGEST
        return bool(text and is_id and parse_qs(query).get(self.cursor_query_param) == [text])

    def get_paginated_response(self, data):
        links = {"next": self.get_next_link(), "prev": self.get_previous_link()}
        header = ", ".join(f'<{link}>; rel="{name}"' for name, link in links.items() if link)
        return Response(data, headers={"Link": header} if header else None)

    def get_paginated_response_schema(self, schema):
        return schema
