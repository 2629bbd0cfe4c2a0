"""ETags of what is read, and conditional reading, on every route."""

import gzip

import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.urls import path

from api.tests.groups import urlpatterns as groups

READING = ["get", "head"]
DATED = "Thu, 01 Jan 2026 00:00:00 GMT"


def dated(request):
    return HttpResponse("text", headers={"Last-Modified": DATED, "Cache-Control": "max-age=5", "Vary": "Accept"})


urlpatterns = [*groups, path("dated/", dated)]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
READABLE = ["/", "/test-group/", "/test-group/1/", "/schema/", "/docs/", "/docs/redoc/", "/dated/"]


@pytest.fixture
def ask(client):
    """Send a request with some headers, of which `{}` is the current ETag; return its status."""
    Group.objects.create(pk=1, name="one")

    def ask(path, method="get", **headers):
        tag = client.get(path)["ETag"]
        filled = {name.replace("_", "-"): value.format(tag) for name, value in headers.items()}
        return getattr(client, method)(path, headers=filled).status_code

    return ask


@pytest.mark.parametrize("method", READING)
@pytest.mark.parametrize("path", READABLE)
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_none_match": "{}"}, 304),
        ({"if_none_match": "W/{}"}, 304),
        ({"if_none_match": '"a,b", W/"other" ,, {}'}, 304),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"other"'}, 200),
        ({"if_none_match": "nonsense"}, 200),
        ({"if_match": "{}"}, 200),
        ({"if_match": "*"}, 200),
        ({"if_match": "W/{}"}, 412),
        ({"if_match": '"other"'}, 412),
        ({"if_match": "nonsense"}, 412),
        ({"if_match": '"other"', "if_none_match": "{}"}, 412),
        ({"if_match": "{}", "if_none_match": "{}"}, 304),
        ({"if_none_match": '"other"', "if_modified_since": "Fri, 31 Dec 2100 23:59:59 GMT"}, 200),
        ({"if_match": "{}", "if_unmodified_since": "Thu, 01 Jan 1970 00:00:00 GMT"}, 200),
    ],
    ids=str,
)
def test_reading_heeds_preconditions(ask, path, method, headers, status):
    assert ask(path, method, **headers) == status


@pytest.mark.parametrize("method", READING)
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_modified_since": DATED}, 304),
        ({"if_modified_since": "Wed, 31 Dec 2025 23:59:59 GMT"}, 200),
        ({"if_modified_since": "nonsense"}, 200),
        ({"if_unmodified_since": DATED}, 200),
        ({"if_unmodified_since": "Wed, 31 Dec 2025 23:59:59 GMT"}, 412),
        ({"if_unmodified_since": "Wednesday, 31-Dec-25 23:59:59 GMT"}, 412),
        ({"if_unmodified_since": "nonsense"}, 200),
        ({"if_none_match": '"other"', "if_modified_since": DATED}, 200),
    ],
    ids=str,
)
def test_dated_answer_heeds_times(ask, method, headers, status):
    assert ask("/dated/", method, **headers) == status


@pytest.mark.parametrize("path", READABLE)
def test_unchanged_answer_keeps_the_headers_of_the_rfc(client, path):
    Group.objects.create(pk=1, name="one")
    whole = client.get(path)
    unchanged = client.get(path, headers={"if-none-match": whole["ETag"]})
    names = ["ETag", "Cache-Control", "Vary", "Last-Modified", "X-Content-Type-Options"]
    assert unchanged.content == b""
    assert [unchanged.headers.get(name) for name in names] == [whole.headers.get(name) for name in names]


@pytest.mark.parametrize("path", READABLE)
def test_head_has_the_headers_of_get(client, path):
    Group.objects.create(pk=1, name="one")
    kept = {"ETag", "Content-Type", "Content-Length", "Vary", "Cache-Control", "Allow", "Link"}
    get, head = (
        {name: value for name, value in getattr(client, method)(path).items() if name in kept} for method in READING
    )
    assert get == head


def test_error_is_not_conditional(client):
    assert client.get("/test-group/1/", headers={"if-match": '"x"'}).status_code == 404
    assert "ETag" not in client.get("/test-group/1/")


def test_answer_that_is_not_stored_has_no_tag(client):
    response = client.get("/healthcheck/live/", headers={"if-none-match": '"x"', "if-match": "*"})
    assert (response.status_code, "ETag" in response) == (200, False)


def test_large_object_is_compressed_under_a_strong_tag_of_its_own(as_user, monkeypatch):
    monkeypatch.setattr("protocol.representations.LARGE", 10)
    Group.objects.create(pk=1, name="one")
    plain, small = (as_user.get("/test-group/1/", headers=headers) for headers in ({}, {"accept-encoding": "br, gzip"}))
    assert (gzip.decompress(small.content), small["Content-Encoding"]) == (plain.content, "gzip")
    assert small["Vary"] == plain["Vary"] == "Accept, Accept-Encoding"
    assert small["ETag"] == plain["ETag"].removesuffix('"') + '-gzip"'
    changed = as_user.patch("/test-group/1/", {"name": "b"}, "application/json", headers={"if-match": small["ETag"]})
    assert (changed.status_code, int(small["Content-Length"])) == (200, len(small.content))


@pytest.mark.parametrize("coding", ["", "gzip;q=0", "identity", "br"])
def test_client_without_gzip_gets_the_plain_object(client, monkeypatch, coding):
    monkeypatch.setattr("protocol.representations.LARGE", 10)
    Group.objects.create(pk=1, name="one")
    assert "Content-Encoding" not in client.get("/test-group/1/", headers={"accept-encoding": coding})
