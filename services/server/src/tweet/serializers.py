"""The JSON form of tweets."""

from rest_framework import serializers

from api.fields import STRICT
from tweet.models import Tweet


class TweetSerializer(serializers.HyperlinkedModelSerializer):
    serializer_field_mapping = STRICT
    # None where the account is gone.
    author: serializers.SlugRelatedField = serializers.SlugRelatedField("username", read_only=True, allow_null=True)

    class Meta:
        model = Tweet
        fields = ["id", "author", "text", "timestamp", "href"]
        example = {"text": "Hello"}
