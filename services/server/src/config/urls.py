"""Every path of the service."""

from django.urls import include, path
from django_prometheus.exports import ExportToDjangoView

urlpatterns = [
    path("healthcheck/", include("health.urls")),
    path("metrics", ExportToDjangoView),  # nginx answers it on the internal port only
    path("tweet/", include("tweet.urls")),
]
