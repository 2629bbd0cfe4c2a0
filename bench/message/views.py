"""List, create, read, change and delete messages."""

from typing import Any

from rest_framework import viewsets
from rest_framework.permissions import IsAuthenticatedOrReadOnly

from api.conditional import ConditionalMixin
from api.rows import RowsMixin
from idempotency.mixins import IdempotentCreateMixin

from .models import Message
from .serializers import MessageSerializer


class MessageViewSet(IdempotentCreateMixin, ConditionalMixin, RowsMixin, viewsets.ModelViewSet[Message]):
    # mypy knows the managers of installed applications only, and this is one in the copy.
    queryset = Message.objects.select_related("author")  # type: ignore[attr-defined]
    serializer_class = MessageSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]

    def perform_create(self, serializer: Any) -> None:
        serializer.save(author=self.request.user)
