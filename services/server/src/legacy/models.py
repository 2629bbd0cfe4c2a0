"""How far the import is, and what became of rows that could not be carried over as they were.

Both are written in the transaction of the rows that they tell of, so they are right after any interruption.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Progress(models.Model):
    """One table of the older database."""

    table = models.TextField(primary_key=True)
    last_key = models.JSONField(null=True, encoder=DjangoJSONEncoder)  # as a list of the columns of the key
    read = models.BigIntegerField(default=0)
    written = models.BigIntegerField(default=0)
    sums = models.JSONField(default=dict)  # of what was written: report.py
    parked = models.JSONField(default=list)  # constraints and indexes that are put back at the end: schema.py
    done = models.BooleanField(default=False)

    def __str__(self):
        return f"{self.table}: {self.read} read"


class Trouble(models.Model):
    """One row that is not, or not whole, in the new table."""

    class Action(models.TextChoices):
        REFUSED = "refused"  # by the mapping's function or by the new table; the row is the old one
        ORPHAN = "orphan"  # refers to nothing; the row is what was taken out of the new table
        DUPLICATE = "duplicate"  # the same
        NULLIFIED = "nullified"  # the row is what the reference was

    table = models.TextField()
    key = models.TextField()
    action = models.TextField(choices=Action)
    reason = models.TextField()
    row = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["table", "action"], name="legacy_trouble_table")]

    def __str__(self):
        return f"{self.table} {self.key}: {self.reason}"
