"""The progress of the import, and the rows that it rejected.

Both are written in the same transaction as the target rows, so they are correct after any interruption.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Progress(models.Model):
    """The progress of one source table."""

    table = models.TextField(primary_key=True)
    last_key = models.JSONField(null=True, encoder=DjangoJSONEncoder)  # a list with a value for each column of the key
    read = models.BigIntegerField(default=0)
    written = models.BigIntegerField(default=0)
    sums = models.JSONField(default=dict)  # of the written rows: sums.py
    dropped = models.JSONField(default=list)  # constraints and indexes that are restored at the end: schema.py
    done = models.BooleanField(default=False)

    def __str__(self):
        return f"{self.table}: {self.read} read"


class RejectedRow(models.Model):
    """A row that is not in the target table, or not with all its values."""

    class Kind(models.TextChoices):
        INVALID = "invalid"  # the mapping's function or the target table refused the source row
        ORPHAN = "orphan"  # the target row referred to a missing row and was deleted
        DUPLICATE = "duplicate"  # the target row violated a unique constraint and was deleted
        NULLIFIED = "nullified"  # the target row's reference to a missing row is NULL; `row` holds the old value

    table = models.TextField()
    key = models.TextField()
    kind = models.TextField(choices=Kind)
    reason = models.TextField()
    row = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["table", "kind"], name="legacy_rejected_row_table")]

    def __str__(self):
        return f"{self.table} {self.key}: {self.reason}"
