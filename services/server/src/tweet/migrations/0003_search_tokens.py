import django.contrib.postgres.indexes
from django.db import migrations

import fulltext.tokens


class Migration(migrations.Migration):
    dependencies = [("fulltext", "0001_search_tokens"), ("tweet", "0002_author")]

    operations = [
        # A million rows take a minute or two.
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="tweet", name="tweet_words"),
        migrations.AddIndex(
            model_name="tweet",
            index=django.contrib.postgres.indexes.GinIndex(fulltext.tokens.Tokens("text"), name="tweet_tokens"),
        ),
    ]
