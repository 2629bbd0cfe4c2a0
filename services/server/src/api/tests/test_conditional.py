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


def test_replaced_object_has_no_tag(as_user, path):
    # RFC 9110, 9.3.4.
    assert "ETag" not in as_user.put(path, NEW, "application/json")


@pytest.mark.parametrize("method", ["options", "delete"])
def test_response_that_is_not_the_object_has_no_tag(as_user, path, method):
    assert "ETag" not in getattr(as_user, method)(path)


@pytest.mark.parametrize("form", ["{}", '"other", {}', '"other" , , {} ,', '"a,b",{}', "*"])
def test_matching_tag_lets_change(as_user, path, form):
    assert patch(as_user, path, form.format(as_user.get(path)["ETag"])).status_code == 200


@pytest.mark.parametrize("form", ['"other"', "", "nonsense", '"cut', "W/{}", "{}, cut", "{}, *", '"a,{}b"'])
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_tag_is_412_and_changes_nothing(as_user, path, method, form):
    headers = {"if-match": form.format(as_user.get(path)["ETag"])}
    response = getattr(as_user, method)(path, NEW, content_type="application/json", headers=headers)
    assert (response.status_code, Group.objects.get().name) == (412, "old")


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("form", ["*", "{}", "W/{}", '"other", {}'])
def test_write_of_what_must_not_exist_is_412(as_user, path, method, form):
    headers = {"if-none-match": form.format(as_user.get(path)["ETag"])}
    response = getattr(as_user, method)(path, NEW, content_type="application/json", headers=headers)
    assert (response.status_code, Group.objects.get().name) == (412, "old")


def test_write_of_another_state_is_done(as_user, path):
    assert as_user.patch(path, NEW, "application/json", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("name", ["if-modified-since", "if-unmodified-since"])
@pytest.mark.parametrize("time", ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 2100 23:59:59 GMT", "nonsense"])
def test_times_are_ignored_without_a_last_modified(as_user, path, name, time):
    assert as_user.get(path, headers={name: time}).status_code == 200
    assert as_user.patch(path, NEW, "application/json", headers={name: time}).status_code == 200


@pytest.mark.parametrize(
    ("header", "form", "status"),
    [("if-match", "*", 201), ("if-match", "{}", 201), ("if-match", '"other"', 412), ("if-match", "W/{}", 412),
     ("if-none-match", "*", 412), ("if-none-match", "{}", 412), ("if-none-match", '"other"', 201)],
)  # fmt: skip
def test_creation_heeds_the_state_of_the_list(as_user, path, header, form, status):
    headers = {header: form.format(as_user.get("/test-group/")["ETag"])}
    assert as_user.post("/test-group/", NEW, "application/json", headers=headers).status_code == status


def test_precondition_comes_after_permission_and_existence(client, as_user, path):
    assert client.patch(path, NEW, "application/json", headers={"if-match": '"other"'}).status_code == 401
    assert as_user.patch("/test-group/0/", NEW, "application/json", headers={"if-match": '"other"'}).status_code == 404


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
