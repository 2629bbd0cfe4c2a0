"""Filters of the list: `?author=NAME&since=TIMESTAMP&until=TIMESTAMP&search=WORDS`."""

from django.contrib.auth import get_user_model
from django_filters import CharFilter, FilterSet

from api.filters import MomentFilter
from fulltext.tokens import matching
from tweet.models import Tweet


class TweetFilter(FilterSet):
    author = CharFilter(method="by_author", max_length=150, strip=False)
    since = MomentFilter("timestamp", "gte")
    until = MomentFilter("timestamp", "lt")
    search = CharFilter(method="having_words", max_length=200)

    class Meta:
        model = Tweet
        fields: list[str] = []

    def by_author(self, queryset, name, value):
        """Tweets of one user; by a subquery with one value, so that the index returns them in order."""
        return queryset.filter(author=get_user_model().objects.filter(username=value).values("pk")[:1])

    def having_words(self, queryset, name, value):
        """Tweets with all of the words, or the text as it stands; `"a b"`, `or` and `-` work as in a web search."""
        return queryset.filter(matching("text", value))
