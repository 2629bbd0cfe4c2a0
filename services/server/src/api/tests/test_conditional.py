"""ETag and conditional requests, on a resource of the tests."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import Group
from django.db import connection

pytestmark = pytest.mark.urls("api.tests.groups")
NEW = {"name": "new"}


@pytest.fixture
def path(db):
    """The path of a group."""
    return f"/test-group/{Group.objects.create(name='old').pk}/"


def patch(client, path, tag):
    return client.patch(path, NEW, "application/json", headers={"if-match": tag})


def test_tag_is_strong_and_stays(client, path):
    first, second = (client.get(path)["ETag"] for _ in range(2))
    assert (first, first[0]) == (second, '"')


def test_change_gives_another_tag(as_user, path):
    before = as_user.get(path)["ETag"]
    after = patch(as_user, path, before)["ETag"]
    assert before != after == as_user.get(path)["ETag"]


def test_created_object_has_its_tag(as_user):
    response = as_user.post("/test-group/", NEW, "application/json")
    assert response["ETag"] == as_user.get(response["Location"])["ETag"]


@pytest.mark.parametrize(("tag", "status"), [("*", 200), ('"other"', 412)])
def test_reading_heeds_if_match(client, path, tag, status):
    assert client.get(path, headers={"if-match": tag}).status_code == status


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_known_tag_is_304(client, path, form):
    response = client.get(path, headers={"if-none-match": form.format(client.get(path)["ETag"])})
    assert (response.status_code, response.content) == (304, b"")


def test_known_list_is_304(client, path):
    tag = client.get("/test-group/")["ETag"]
    assert client.get("/test-group/", headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_matching_tag_lets_change(as_user, path, form):
    assert patch(as_user, path, form.format(as_user.get(path)["ETag"])).status_code == 200


@pytest.mark.parametrize("form", ['"other"', "", "nonsense", '"cut'])
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_tag_is_412_and_changes_nothing(as_user, path, method, form):
    headers = {"if-match": form.format(as_user.get(path)["ETag"])}
    response = getattr(as_user, method)(path, NEW, content_type="application/json", headers=headers)
    assert (response.status_code, Group.objects.get().name) == (412, "old")


def test_page_has_not_the_tag_of_the_object(client, path):
    page = client.get(path, headers={"accept": "text/html"})
    assert page["ETag"] != client.get(path)["ETag"]


@pytest.mark.django_db(transaction=True)
def test_one_of_two_writers_is_refused(as_user, path):
    tag, both = as_user.get(path)["ETag"], Barrier(2)

    def write(_):
        both.wait()
        try:
            return patch(as_user, path, tag).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as writers:
        assert sorted(writers.map(write, range(2))) == [200, 412]
