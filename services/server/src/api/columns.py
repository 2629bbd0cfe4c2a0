"""Which columns a serializer's fields answer, and how."""

from collections.abc import Callable
from datetime import UTC
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import timezone
from rest_framework import ISO_8601, serializers
from rest_framework.settings import api_settings

ZONES_OF_UTC = (UTC, ZoneInfo("UTC"))
# What a serializer may override to answer something else than its fields.
OVERRIDABLE = ["__init__", "data", "fields", "get_fields", "to_representation"]
# These need more than the value: the request, the instance, or fields of their own.
COMPLEX = (serializers.DictField, serializers.FileField, serializers.ListField, serializers.ModelField)
# These answer the value as it is stored in columns of these types.
UNCHANGED: dict[Any, Any] = {
    serializers.BooleanField: models.BooleanField,
    serializers.CharField: (models.CharField, models.TextField),
    serializers.IntegerField: models.IntegerField,
}
# In the place of a key, by the type of its column: an address is made once, and no such key needs quoting.
PLACEHOLDERS = {models.IntegerField: "8070605040302010", models.UUIDField: "80706050-4030-2010-8070-605040302010"}


class Column(NamedTuple):
    """A field of a serializer that answers a column."""

    name: str
    path: str  # as in values(): author__username
    convert: Callable[[Any], Any] | None = None  # None where it is answered as it is stored

    def of_request(self, request):
        return self


class Moment(NamedTuple):
    """A field of a serializer that answers a time in the time zone of the request."""

    name: str
    path: str
    convert: Callable[[Any], Any]

    def of_request(self, request):
        # The renderer writes a time in UTC as the field does, in a tenth of the time.
        return Column(self.name, self.path, None if timezone.get_current_timezone() in ZONES_OF_UTC else self.convert)


class Link(NamedTuple):
    """A field of a serializer that answers the address of the object itself."""

    name: str
    path: str
    field: serializers.HyperlinkedIdentityField
    placeholder: str

    def of_request(self, request):
        """The column that knows how addresses begin; raises NoReverseMatch."""
        kwargs = {self.field.lookup_url_kwarg: self.placeholder}
        address = self.field.reverse(self.field.view_name, kwargs=kwargs, request=request)
        before, _, after = address.rpartition(self.placeholder)
        return Column(self.name, self.path, lambda key: f"{before}{key}{after}")


@cache
def mapped(serializer_class):
    """The columns and links of a serializer; none at all where one of its fields has none."""
    model = getattr(getattr(serializer_class, "Meta", None), "model", None)
    if model is None or any(is_overridden(serializer_class, name) for name in OVERRIDABLE):
        return []
    fields = [field for field in serializer_class().fields.values() if not field.write_only]
    columns = [column_of(field, model) for field in fields]
    return [] if None in columns else columns


def is_overridden(serializer_class, name):
    """Whether an attribute of the class is not REST framework's."""
    return not defined_in(serializer_class, name).startswith("rest_framework.")


def defined_in(cls, name):
    """The module of the class that an attribute comes from."""
    return next(base for base in cls.__mro__ if name in vars(base)).__module__


def column_of(field, model):
    """The column or link of a field; None where it has none."""
    name, source = str(field.field_name), str(field.source)
    column = own(model).get(source)
    if type(field) is serializers.HyperlinkedIdentityField:
        return link(field, model)
    if type(field) is serializers.SlugRelatedField:
        path = f"{source}__{field.slug_field}"
        return Column(name, path) if stored(model, path) else None
    if type(field) is serializers.PrimaryKeyRelatedField:
        return Column(name, column.attname) if column and not field.pk_field else None
    if not is_plain(column) or not takes_values(field):
        return None
    if is_iso_time(field):
        return Moment(name, source, field.to_representation)
    return Column(name, source, None if is_unchanged(field, column) else field.to_representation)


def link(field, model):
    """The link of a field; None where the key is of a type that may need quoting, as a text."""
    key = model._meta.pk if field.lookup_field == "pk" else own(model).get(field.lookup_field)
    placeholder = next((text for kind, text in PLACEHOLDERS.items() if isinstance(key, kind)), None)
    return placeholder and Link(field.field_name, key.name, field, placeholder)


def stored(model, path):
    """The field of a model at the end of a path over foreign keys; None where there is no plain one."""
    *relations, last = path.split("__")
    for name in relations:
        relation = own(model).get(name)
        if not isinstance(relation, models.ForeignKey):
            return None
        model = relation.related_model
    column = own(model).get(last)
    return column if is_plain(column) else None


def own(model):
    """The fields of a model that have a column, by name."""
    return {field.name: field for field in model._meta.concrete_fields}


def is_plain(column):
    """Whether instances have the very value of the column."""
    return column is not None and not isinstance(column, (models.ForeignKey, models.FileField))


def takes_values(field):
    """Whether a field of a serializer needs nothing but a value."""
    methods = [defined_in(type(field), name) for name in ("get_attribute", "to_representation")]
    return not isinstance(field, COMPLEX) and {*methods} == {"rest_framework.fields"}


def is_iso_time(field):
    """Whether a field answers times as they are stored, but for the time zone of the request."""
    standard = type(field) is serializers.DateTimeField and "timezone" not in vars(field)
    return standard and getattr(field, "format", api_settings.DATETIME_FORMAT) == ISO_8601


def has_method_of(field, kind):
    return field.to_representation.__func__ is kind.to_representation


def is_unchanged(field, column):
    """Whether a field answers what its column holds."""
    kinds = [columns for kind, columns in UNCHANGED.items() if has_method_of(field, kind)]
    return any(isinstance(column, kind) for kind in kinds) and not hasattr(column, "from_db_value")
