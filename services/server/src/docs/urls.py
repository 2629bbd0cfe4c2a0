"""Paths below /docs/."""

from django.urls import path

from docs.views import redoc, swagger

urlpatterns = [
    path("", swagger, name="docs"),
    path("redoc/", redoc, name="redoc"),
]
