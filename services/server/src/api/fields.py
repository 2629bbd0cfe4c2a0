"""Fields of serializers that are stricter than DRF's."""

from django.db import models
from rest_framework import serializers


class StringField(serializers.CharField):
    """Takes strings alone; DRF's takes numbers as well, and makes strings of them."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


# For a serializer of a model: serializer_field_mapping.
STRICT = {
    **serializers.ModelSerializer.serializer_field_mapping,
    models.CharField: StringField,
    models.TextField: StringField,
}
