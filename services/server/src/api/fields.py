"""Serializer fields that are stricter than DRF's."""

from django.db import models
from rest_framework import serializers


class StringField(serializers.CharField):
    """Accepts only strings; DRF's field accepts numbers, too, and converts them."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


# For the serializer_field_mapping of a model's serializer.
STRICT = {
    **serializers.ModelSerializer.serializer_field_mapping,
    models.CharField: StringField,
    models.TextField: StringField,
}
