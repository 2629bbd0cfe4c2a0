"""Short messages."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models


class Message(models.Model):
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False)
    text = models.CharField(max_length=140)
    timestamp = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        # As many as a resource with filters and a search has: each costs a write.
        indexes = [
            models.Index(fields=["author", "-id"], name="bench_message_author"),
            models.Index(fields=["timestamp"], name="bench_message_timestamp"),
            GinIndex(SearchVector("text", config="simple"), name="bench_message_words"),
        ]

    def __str__(self) -> str:
        return self.text
