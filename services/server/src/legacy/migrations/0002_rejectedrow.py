"""Call rejected rows by that name: only the import reads and writes these two tables, and it applies this itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("legacy", "0001_initial")]

    operations = [
        # The state of an index does not follow a renamed column.
        migrations.RemoveIndex("trouble", "legacy_trouble_table"),
        migrations.RenameField("progress", "parked", "dropped"),
        migrations.RenameModel("Trouble", "RejectedRow"),
        migrations.RenameField("rejectedrow", "action", "kind"),
        migrations.AlterField(
            "rejectedrow",
            "kind",
            models.TextField(
                choices=[
                    ("invalid", "Invalid"),
                    ("orphan", "Orphan"),
                    ("duplicate", "Duplicate"),
                    ("nullified", "Nullified"),
                ]
            ),
        ),
        migrations.RunSQL(
            "UPDATE legacy_rejectedrow SET kind = 'invalid' WHERE kind = 'refused'",
            "UPDATE legacy_rejectedrow SET kind = 'refused' WHERE kind = 'invalid'",
        ),
        migrations.AddIndex("rejectedrow", models.Index(fields=["table", "kind"], name="legacy_rejected_row_table")),
    ]
