"""Every path of the service."""

from django.conf import settings
from django.urls import include, path

from docs.views import root, schema

urlpatterns = [
    path("", root, name="root"),
    path("docs/", include("docs.urls")),
    path("healthcheck/", include("health.urls")),
    path("schema/", schema, name="schema"),
    path("token/", include("account.urls")),
    path("tweet/", include("tweet.urls")),
]
if settings.ADMIN:
    # Not there to be imported where it is off.
    from django.contrib import admin

    urlpatterns.append(path("admin/", admin.site.urls))

handler400 = "api.problems.bad_request"
handler403 = "api.problems.permission_denied"
handler404 = "api.problems.not_found"
handler500 = "api.problems.server_error"
