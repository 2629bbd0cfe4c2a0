"""Paths below /healthcheck/."""

from django.urls import path

from health import views

urlpatterns = [path("", views.ready), path("live/", views.live)]
