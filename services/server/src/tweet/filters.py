"""Filters of the list: `?author=NAME&since=TIMESTAMP&until=TIMESTAMP&search=WORDS`."""

from django.contrib.auth import get_user_model
from django.contrib.postgres.search import SearchQuery, SearchVector
from django_filters import CharFilter, FilterSet

from api.filters import MomentFilter
from tweet.models import SEARCH_CONFIG, Tweet


class TweetFilter(FilterSet):
    author = CharFilter(method="by_author", max_length=150)
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
        """Tweets with all of the words; `"a b"` is a phrase, `or` and `-` work as in a web search."""
        query = SearchQuery(value, config=SEARCH_CONFIG, search_type="websearch")
        return queryset.alias(words=SearchVector("text", config=SEARCH_CONFIG)).filter(words=query)
