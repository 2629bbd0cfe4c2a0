"""The admin pages of tweets, for moderation."""

from django.contrib import admin

from tweet.models import Tweet


@admin.register(Tweet)
class TweetAdmin(admin.ModelAdmin):
    list_display = ["text", "author", "timestamp"]
    list_select_related = ["author"]
    search_fields = ["text", "author__username"]
    # A list of all accounts would be a slow page.
    raw_id_fields = ["author"]
    # So would be counting all rows of a large table.
    show_full_result_count = False
