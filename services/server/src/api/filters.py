"""Filters of lists, by query parameters."""

from django_filters.rest_framework import DjangoFilterBackend

from api.pagination import LinkHeaderPagination

PAGING = {LinkHeaderPagination.cursor_query_param, LinkHeaderPagination.page_size_query_param}


class FilterBackend(DjangoFilterBackend):
    """Without a parameter of a filter nothing is filtered, and none must be given.

    Django-filter would find that out by making a form: a fifth of the time of a list.
    """

    def filter_queryset(self, request, queryset, view):
        return super().filter_queryset(request, queryset, view) if {*request.query_params} - PAGING else queryset
