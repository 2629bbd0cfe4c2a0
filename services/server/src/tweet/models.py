"""Short messages: the sample resource."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from fulltext.tokens import Tokens


class Tweet(models.Model):
    # A tweet outlives its author's account. Without an index of its own, since tweet_author_newest begins with it.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False)
    text = models.CharField(max_length=140)
    timestamp = models.DateTimeField(auto_now_add=True)

    class Meta:
        # The order of insertion. Unlike the timestamp it is unique, so pages neither repeat nor skip a tweet.
        ordering = ["-id"]
        # One for each filter in filters.py; the plain list uses the primary key.
        indexes = [
            models.Index(fields=["author", "-id"], name="tweet_author_newest"),
            models.Index(fields=["timestamp"], name="tweet_timestamp"),
            GinIndex(Tokens("text"), name="tweet_tokens"),
        ]

    def __str__(self):
        return self.text
