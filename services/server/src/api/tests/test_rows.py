"""A response made from columns equals the serializer's, byte for byte."""

import zoneinfo

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.filters import OrderingFilter
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ModelViewSet

from api.columns import mapped
from api.rows import RowsMixin


class Person(serializers.HyperlinkedModelSerializer):
    seen = serializers.CharField(source="last_login", read_only=True)
    day = serializers.DateTimeField(source="date_joined", format="%d.%m.%Y", read_only=True)

    class Meta:
        model = get_user_model()
        fields = ["username", "is_active", "last_login", "seen", "date_joined", "day", "password", "href"]
        extra_kwargs = {"password": {"write_only": True}, "href": {"view_name": "person-detail"}}


class Right(serializers.ModelSerializer):
    app = serializers.SlugRelatedField("app_label", source="content_type", read_only=True)

    class Meta:
        model = Permission
        fields = ["id", "name", "content_type", "app"]


class Shouting(Right):
    def to_representation(self, instance):
        return {"name": instance.name.upper()}


class Members(serializers.ModelSerializer):
    class Meta:
        model = Group
        fields = ["name", "permissions"]


class Named(serializers.ModelSerializer):
    href: serializers.HyperlinkedIdentityField = serializers.HyperlinkedIdentityField(
        "group-detail", lookup_field="name", lookup_url_kwarg="pk"
    )

    class Meta:
        model = Group
        fields = ["name", "href"]


class Nobody(BasePermission):
    """Needs a column that no serializer here shows."""

    def has_object_permission(self, request, view, obj):
        return obj.email == "open@example.org"


class People(RowsMixin, ModelViewSet):
    queryset = get_user_model().objects.all()
    serializer_class = Person
    permission_classes = []
    filter_backends = [OrderingFilter]
    ordering_fields = ["email"]


class Guarded(People):
    permission_classes = [Nobody]


class Rights(RowsMixin, ModelViewSet):
    queryset = Permission.objects.select_related("content_type")
    serializer_class = Right
    permission_classes = []


class AllRights(Rights):
    pagination_class = None


class OwnRights(Rights):
    def get_queryset(self):
        return Permission.objects.filter(codename__startswith="add").select_related("content_type")


class OwnObject(Rights):
    def get_object(self):
        return Permission.objects.order_by("pk").last()


class Groups(RowsMixin, ModelViewSet):
    queryset = Group.objects.all()
    serializer_class = Members
    permission_classes = []


router = SimpleRouter()
views = {"person": People, "guarded": Guarded, "right": Rights, "all": AllRights, "own": OwnRights, "object": OwnObject}
for name, view in {**views, "group": Groups}.items():
    router.register(name, view, basename=name)
urlpatterns = [*router.urls, path("docs/", People, name="docs")]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def answered(rf):
    """The serializer's output for one object, or several."""

    def render(serializer, instance, many=False):
        data = serializer(instance, many=many, context={"request": rf.get("/")}).data
        return JSONRenderer().render(data)

    return render


@pytest.fixture
def people(user, other):
    user.last_login = timezone.now()
    user.save()
    return [other, user]


@pytest.fixture
def right():
    return Permission.objects.order_by("pk").last()


def test_readable_fields_are_mapped():
    assert [column.name for column in mapped(Person)] == [name for name in Person.Meta.fields if name != "password"]


@pytest.mark.parametrize("serializer", [Shouting, Members, Named])
def test_other_serializers_are_not_mapped(serializer):
    assert mapped(serializer) == []


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu"])
def test_list_is_that_of_the_serializer(client, people, answered, zone):
    with timezone.override(zoneinfo.ZoneInfo(zone)):
        assert client.get("/person/").content == answered(Person, people, many=True)


def test_object_is_that_of_the_serializer(client, people, answered):
    for person in people:
        assert client.get(f"/person/{person.pk}/").content == answered(Person, person)


def test_relations_are_those_of_the_serializer(client, right, answered):
    assert client.get(f"/right/{right.pk}/").content == answered(Right, right)


def test_list_without_pages_is_that_of_the_serializer(client, answered):
    assert client.get("/all/").content == answered(Right, Permission.objects.all(), many=True)


def test_queryset_of_the_view_is_heeded(client, answered):
    rights = OwnRights().get_queryset().order_by("-pk")[:50]
    assert client.get("/own/").content == answered(Right, rights, many=True)


def test_object_of_the_view_is_heeded(client, right, answered):
    assert client.get("/object/1/").content == answered(Right, right)


@pytest.mark.parametrize("serializer", [Members, Named])
def test_what_is_not_mapped_is_the_serializers(client, monkeypatch, answered, serializer):
    monkeypatch.setattr(Groups, "serializer_class", serializer)
    group = Group.objects.create(name="staff")
    group.permissions.set(Permission.objects.all()[:2])
    assert client.get("/group/").content == answered(serializer, [group], many=True)
    assert client.get(f"/group/{group.pk}/").content == answered(serializer, group)


def test_serializer_with_a_method_answers_by_itself(client, monkeypatch, right):
    monkeypatch.setattr(Rights, "serializer_class", Shouting)
    assert client.get(f"/right/{right.pk}/").json() == {"name": right.name.upper()}


@pytest.mark.parametrize(("email", "status"), [("open@example.org", 200), ("", 401)])
def test_permission_may_read_any_column(client, user, django_assert_num_queries, email, status):
    get_user_model().objects.update(email=email)
    with django_assert_num_queries(1):
        assert client.get(f"/guarded/{user.pk}/").status_code == status


@pytest.mark.parametrize("key", ["0", "x", "9" * 20])
def test_unknown_key_is_404(client, key):
    assert client.get(f"/person/{key}/").status_code == 404


def test_pages_may_be_sorted_by_another_column(client, people):
    get_user_model().objects.filter(username="other").update(email="a@example.org")
    response = client.get("/person/?ordering=-email&limit=1")
    assert ([person["username"] for person in response.json()], "Link" in response) == (["other"], True)


def test_form_of_rest_framework_has_the_values(client, people, monkeypatch):
    monkeypatch.setattr(People, "renderer_classes", [JSONRenderer, BrowsableAPIRenderer])
    response = client.get(f"/person/{people[0].pk}/", headers={"accept": "text/html"})
    assert '"username": "other"' in response.context["raw_data_put_form"]["_content"].value()


@pytest.mark.parametrize("address", ["/person/", "/right/"])
def test_page_takes_one_query(client, people, django_assert_num_queries, address):
    with django_assert_num_queries(1):
        client.get(address)
