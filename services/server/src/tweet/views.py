"""List, create, read, change and delete tweets."""

from rest_framework import viewsets
from rest_framework.permissions import IsAuthenticatedOrReadOnly

from api.conditional import ConditionalMixin
from api.rows import RowsMixin
from idempotency.mixins import IdempotentCreateMixin
from tweet.filters import TweetFilter
from tweet.models import Tweet
from tweet.permissions import IsAuthorOrReadOnly
from tweet.serializers import TweetSerializer


class TweetViewSet(IdempotentCreateMixin, ConditionalMixin, RowsMixin, viewsets.ModelViewSet):
    """Short messages, the newest first."""

    queryset = Tweet.objects.select_related("author")
    serializer_class = TweetSerializer
    filterset_class = TweetFilter
    permission_classes = [IsAuthenticatedOrReadOnly, IsAuthorOrReadOnly]

    def perform_create(self, serializer):
        serializer.save(author=self.request.user)
