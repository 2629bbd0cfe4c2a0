"""Paths below /token/."""

from django.urls import path

from account.views import AllTokensView, TokenView

urlpatterns = [
    path("", TokenView.as_view(), name="token"),
    path("all/", AllTokensView.as_view(), name="token-all"),
]
