"""Filtering of lists by query parameters."""

from datetime import UTC

from django.core.exceptions import ValidationError
from django_filters import IsoDateTimeFilter
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import DjangoFilterBackend

from api.pagination import LinkHeaderPagination

PAGING = {LinkHeaderPagination.cursor_query_param, LinkHeaderPagination.page_size_query_param}


class FilterBackend(DjangoFilterBackend):
    """Skips filtering when the request has no parameter that could filter, so a filter cannot be required.

    Django-filter would build a form to find that out: a fifth of the time of a list.
    """

    def filter_queryset(self, request, queryset, view):
        return super().filter_queryset(request, queryset, view) if {*request.query_params} - PAGING else queryset


class MomentField(IsoDateTimeField):
    """Converts a time to UTC, since the database refuses offsets of 16 hours and more."""

    def clean(self, value):
        moment = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class MomentFilter(IsoDateTimeFilter):
    field_class = MomentField
