"""Tweets as JSON."""

from rest_framework import serializers

from tweet.models import Tweet


class TweetSerializer(serializers.HyperlinkedModelSerializer):
    class Meta:
        model = Tweet
        fields = ["id", "text", "timestamp", "href"]
