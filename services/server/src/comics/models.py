"""The example of an import: comics from the tables of a Rails application into tables of Django.

Delete it when you have written your own models. Models that begin with Old are in the legacy database, and read-only.
"""

from django.db import models


class OldPublisher(models.Model):
    name = models.CharField(max_length=255)
    city = models.CharField(max_length=255, null=True)  # noqa: DJ001 - as in the legacy table

    class Meta:
        managed = False
        db_table = "publishers"

    def __str__(self):
        return self.name


class OldCharacter(models.Model):
    name = models.CharField(max_length=255)
    publisher_id = models.IntegerField(null=True)  # the publisher may be missing
    created_at = models.DateTimeField()  # stored without a time zone, in UTC

    class Meta:
        managed = False
        db_table = "characters"

    def __str__(self):
        return self.name


class OldAppearance(models.Model):
    pk = models.CompositePrimaryKey("character_id", "issue")
    character_id = models.IntegerField()
    issue = models.IntegerField()

    class Meta:
        managed = False
        db_table = "appearances"

    def __str__(self):
        return f"{self.character_id} in {self.issue}"


class OldAlias(models.Model):
    character_id = models.IntegerField()
    name = models.CharField(max_length=255)

    class Meta:
        managed = False
        db_table = "aliases"

    def __str__(self):
        return self.name


class NewPublisher(models.Model):
    name = models.CharField(max_length=255)
    city = models.CharField(max_length=255, null=True)  # noqa: DJ001 - copied unchanged

    class Meta:
        indexes = [models.Index(fields=["name"], name="comics_publisher_name")]

    def __str__(self):
        return self.name


class NewCharacter(models.Model):
    nickname = models.CharField(max_length=255)
    secret_identity = models.CharField(max_length=255)
    publisher = models.ForeignKey(NewPublisher, models.PROTECT, null=True)
    created = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["nickname"], name="comics_character_nickname"),
            models.Index(fields=["created"], name="comics_character_created"),
        ]

    def __str__(self):
        return self.nickname


class NewAppearance(models.Model):
    """An appearance; it has a key of its own, because Django's foreign keys cannot refer to a composite key."""

    character = models.ForeignKey(NewCharacter, models.CASCADE, db_index=False)
    issue = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["character", "issue"], name="comics_one_appearance")]

    def __str__(self):
        return f"{self.character_id} in {self.issue}"


class NewAlias(models.Model):
    character = models.ForeignKey(NewCharacter, models.CASCADE, db_index=False)
    name = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["character", "name"], name="comics_one_alias")]

    def __str__(self):
        return self.name
