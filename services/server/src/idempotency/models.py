"""The stored responses to requests with an Idempotency-Key."""

from django.conf import settings
from django.db import models


class StoredAnswer(models.Model):
    """The response to a user's first request with a key; stored only if it succeeded."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False)
    key = models.CharField(max_length=255)
    # SHA-256 of the request, since a key is valid for one request only.
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    # As text, since PostgreSQL's JSON would reorder the fields.
    body = models.TextField(default="")
    location = models.TextField(default="")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_one_answer")]
        # For finding the expired ones.
        indexes = [models.Index(fields=["user", "created"], name="idempotency_age")]

    def __str__(self):
        return f"{self.key} of {self.user_id}"
