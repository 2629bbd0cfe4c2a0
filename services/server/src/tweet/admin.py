"""Where staff moderates."""

from django.contrib import admin

from tweet.models import Tweet


@admin.register(Tweet)
class TweetAdmin(admin.ModelAdmin):
    list_display = ["text", "author", "timestamp"]
    list_select_related = ["author"]
    search_fields = ["text", "author__username"]
    # All accounts in one list would be a slow page.
    raw_id_fields = ["author"]
    # Counting all rows of a large table is slow, too.
    show_full_result_count = False
