"""The admin pages of tweets, for moderation."""

from django.contrib import admin

from api.editing import EditingAdmin
from fulltext.tokens import matching
from tweet.models import Tweet


@admin.register(Tweet)
class TweetAdmin(EditingAdmin):
    list_display = ["text", "author", "timestamp"]
    list_select_related = ["author"]
    search_fields = ["author__username"]
    # A list of all accounts would be a slow page.
    raw_id_fields = ["author"]
    # So would be counting all rows of a large table.
    show_full_result_count = False

    def get_search_results(self, request, queryset, search_term):
        """The tweets that the API finds, and those of the authors with this name."""
        by_author, repeats = super().get_search_results(request, queryset, search_term)
        return (by_author | queryset.filter(matching("text", search_term)) if search_term else by_author), repeats
