"""List, create and read tweets."""

from rest_framework import mixins, viewsets

from tweet.models import Tweet
from tweet.serializers import TweetSerializer


class TweetViewSet(mixins.CreateModelMixin, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    queryset = Tweet.objects.all()
    serializer_class = TweetSerializer
