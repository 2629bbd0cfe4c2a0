"""A resource for the tests of the API's conventions, of a model that every project has: groups of users."""

from django.contrib.auth.models import Group
from django.urls import include, path
from rest_framework import serializers, viewsets
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.routers import SimpleRouter

from api.conditional import ConditionalMixin
from api.fields import STRICT
from config.urls import urlpatterns as own
from idempotency.mixins import IdempotentCreateMixin


class GroupSerializer(serializers.HyperlinkedModelSerializer):
    serializer_field_mapping = STRICT

    class Meta:
        model = Group
        fields = ["id", "name", "href"]
        extra_kwargs = {"href": {"view_name": "test-group-detail"}}


class GroupViewSet(IdempotentCreateMixin, ConditionalMixin, viewsets.ModelViewSet):
    """Everybody reads; who has a token writes."""

    queryset = Group.objects.order_by("-id")
    serializer_class = GroupSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]


router = SimpleRouter()
# Neither an application nor its path can have this name.
router.register("test-group", GroupViewSet, basename="test-group")
urlpatterns = [*own, path("", include(router.urls))]
handler400 = "api.problems.bad_request"
handler403 = "api.problems.permission_denied"
handler404 = "api.problems.not_found"
handler500 = "api.problems.server_error"
