"""Messages as JSON."""

from typing import Any

from rest_framework import serializers

from api.fields import STRICT

from .models import Message


class MessageSerializer(serializers.HyperlinkedModelSerializer[Message]):
    serializer_field_mapping = STRICT
    author: serializers.SlugRelatedField[Any] = serializers.SlugRelatedField("username", read_only=True)

    class Meta:
        model = Message
        fields = ["id", "author", "text", "timestamp", "href"]
