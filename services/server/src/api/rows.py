"""Lists and single objects that are made from columns: what the serializer would answer, in about half of its time."""

import re
from functools import cache
from typing import Any

from django.urls import NoReverseMatch
from rest_framework.generics import get_object_or_404
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from api.columns import defined_in, mapped
from api.renderers import PageRenderer

OF_LIBRARY = re.compile(r"rest_framework\..+|api\.\w+")  # names of modules


class RowsMixin(RetrieveModelMixin, ListModelMixin, GenericViewSet):
    """Replaces ListModelMixin and RetrieveModelMixin: makes the serializer's fields from columns, without objects.

    Filters get a queryset of values(). A serializer that has methods of its own, or a field that is not a column, makes
    the response itself, as does a view with its own `get_object`.
    """

    queryset: Any

    def list(self, request, *args, **kwargs):
        columns = self.columns()
        if not columns:
            return super().list(request, *args, **kwargs)
        rows = self.filter_queryset(self.rows({column.path for column in columns}))
        page = self.paginate_queryset(with_order(rows))
        answer = [represent(columns, row) for row in (rows if page is None else page)]
        return Response(answer) if page is None else self.get_paginated_response(answer)

    def retrieve(self, request, *args, **kwargs):
        columns = self.columns()
        if not columns or self.has_own("get_object"):
            return super().retrieve(request, *args, **kwargs)
        serializer: Any = self.get_serializer_class()
        model = serializer.Meta.model
        # All of its own columns, since a permission may need any.
        names = [field.attname for field in model._meta.concrete_fields]
        rows = self.filter_queryset(self.rows({column.path for column in columns}.union(names)))
        row = get_object_or_404(rows, **{self.lookup_field: self.kwargs[self.lookup_url_kwarg or self.lookup_field]})
        self.check_object_permissions(request, model.from_db(rows.db, names, [row[name] for name in names]))
        return Response(represent(columns, row))

    def columns(self):
        """The columns that the fields of the response are made from; None if the serializer has to make it."""
        # Other renderers may read the serializer, as REST framework's pages do for their forms.
        renderer = self.request.accepted_renderer
        if not (renderer.format == "json" or isinstance(renderer, PageRenderer)) or self.format_kwarg:
            return []
        serializer: Any = self.get_serializer_class()
        try:
            return [field.of_request(self.request) for field in mapped(serializer)]
        except NoReverseMatch:
            return []

    def rows(self, paths):
        """The view's queryset as rows of some columns, and of those that its paginator reads."""
        order = getattr(self.paginator, "ordering", None) or ()
        paths = paths.union(name.lstrip("-") for name in ([order] if isinstance(order, str) else order))
        if self.has_own("get_queryset") or self.queryset is not type(self).queryset:
            return self.get_queryset().values(*paths)
        return prepared(self.queryset, frozenset(paths)).all()

    def has_own(self, name):
        """Whether a method is the view's own: neither REST framework's nor that of a mixin of this package."""
        return not OF_LIBRARY.fullmatch(defined_in(type(self), name))


@cache
def prepared(queryset, paths):
    """The queryset of a class as rows, made once: Django takes a tenth of a request to find the columns."""
    return queryset.values(*sorted(paths))


def with_order(rows):
    """Add the columns by which a filter has sorted, which a paginator reads of the rows."""
    names = [name.lstrip("-") for name in rows.query.order_by if isinstance(name, str)]
    missing = {*names} - {*rows.query.values_select}
    return rows.values(*rows.query.values_select, *missing) if missing else rows


def represent(columns, row):
    """The answer of a row, as Serializer.to_representation makes it of an instance."""
    answer = {}
    for name, path, convert in columns:
        value = row[path]
        answer[name] = value if convert is None or value is None else convert(value)
    return answer
