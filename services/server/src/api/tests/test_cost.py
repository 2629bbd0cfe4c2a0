"""Bounds of an anonymous request: rows that are rendered, statements, and bodies that are read."""

import pytest
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.test import Client

from api.pagination import LinkHeaderPagination

HTML, JSON = ({"accept": kind} for kind in ["text/html", "application/json"])
KINDS = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", "text/plain"]
ADMIN_PAGES = ["/admin/", "/admin/logout/", "/admin/users/user/add/", "/admin/users/user/", "/admin/nowhere/"]


@pytest.fixture
def many(db):
    """More rows than the largest page holds."""
    Group.objects.bulk_create(Group(name=f"group {number}") for number in range(LinkHeaderPagination.max_page_size + 1))


@pytest.mark.urls("api.tests.groups")
@pytest.mark.parametrize(
    ("headers", "rows"), [(JSON, LinkHeaderPagination.max_page_size), (HTML, LinkHeaderPagination.max_html_rows)]
)
def test_largest_page_renders_so_many_rows(client, many, headers, rows):
    text = client.get("/test-group/?limit=200", headers=headers).content.decode()
    assert text.replace("&quot;", '"').count('"name"') == rows


@pytest.mark.urls("api.tests.groups")
def test_page_has_a_link_to_the_next_rows(client, many):
    assert "cursor=" in client.get("/test-group/?limit=200", headers=HTML)["Link"]


@pytest.mark.urls("api.tests.groups")
def test_page_for_anybody_has_no_form(client, many):
    assert "<form" not in client.get("/test-group/", headers=HTML).content.decode()


@pytest.mark.urls("api.tests.groups")
@pytest.mark.parametrize("headers", [JSON, HTML], ids=["json", "html"])
def test_list_takes_one_statement(client, many, headers, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/test-group/?limit=200", headers=headers)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", ADMIN_PAGES)
def test_form_of_one_who_is_not_logged_in_is_not_read(monkeypatch, path, kind):
    monkeypatch.setattr(HttpRequest, "_load_post_and_files", lambda _: pytest.fail("the form was read"))
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["csrftoken"] = "a" * 32
    assert browser.post(path, data=b"a=b", content_type=kind).status_code == 403
