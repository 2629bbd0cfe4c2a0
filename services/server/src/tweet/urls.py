"""Paths below /tweet/."""

from rest_framework.routers import SimpleRouter

from tweet.views import TweetViewSet

router = SimpleRouter()
router.register("", TweetViewSet, basename="tweet")
urlpatterns = router.urls
