"""A charset or a type refuses nothing that RFC 8259 allows, and no request without a body."""

from importlib import import_module

import pytest
from django.test import RequestFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("api.tests.groups")]
FORM = "application/problem+json"


def post(client, charset, body='{"name": "ä"}'):
    return client.generic("POST", "/test-group/", body.encode(), f"application/json; charset={charset}")


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", '"utf-8"', "us-ascii", "ASCII", "iso-8859-1", "windows-1252", ""])
def test_utf_8_is_read_whatever_the_charset(as_user, charset):
    assert post(as_user, charset).json()["name"] == "ä"


@pytest.mark.parametrize("charset", ["zlib", "rot13", "utf-16", "utf-32", "utf-7", "cp500", "hex", "nonsense"])
@pytest.mark.parametrize("path", ["/test-group/", "/token/", "/healthcheck/live/"])
def test_charset_that_is_not_ascii_based_is_415(as_user, path, charset):
    response = as_user.generic("POST", path, b"{}", f"application/json; charset={charset}")
    assert (response.status_code, response["Content-Type"]) == (415, FORM)


def test_body_that_is_not_utf_8_is_400(as_user):
    response = as_user.generic("POST", "/test-group/", b'{"name": "\xe4"}', "application/json; charset=iso-8859-1")
    assert (response.status_code, response["Content-Type"]) == (400, FORM)


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON", "application/json;profile=a", "application/json;"]
)
def test_json_is_read_however_its_type_is_written(as_user, media_type):
    assert as_user.generic("POST", "/test-group/", b'{"name": "a"}', media_type).status_code == 201


@pytest.mark.parametrize(
    "media_type", ["text/plain; charset=iso-8859-1", "application/json; charset=zlib", "nonsense", ""]
)
@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("HEAD", 200), ("OPTIONS", 200), ("POST", 400)])
def test_type_of_no_body_is_ignored(as_user, method, media_type, status):
    environ = {"CONTENT_TYPE": media_type, "CONTENT_LENGTH": "0"}
    assert as_user.generic(method, "/test-group/", **environ).status_code == status


@pytest.mark.parametrize(("coding", "status"), [("gzip", 415), ("br, gzip", 415), ("identity", 201), ("Identity", 201)])
def test_compressed_body_is_415(as_user, coding, status):
    response = as_user.post("/test-group/", {"name": "a"}, "application/json", headers={"content-encoding": coding})
    assert (response.status_code, response.headers.get("Accept-Encoding", "identity")) == (status, "identity")


@pytest.mark.parametrize("charset", ["zlib", "rot13"])
def test_charset_that_is_no_text_leaves_the_query_alone(charset):
    environ = RequestFactory().get("/healthcheck/live/?a=%C3%A4").environ
    # Here, since it loads every migration, for which the tests of other files need not wait.
    application = import_module("config.wsgi").application
    started = []
    body = {"CONTENT_TYPE": f"text/plain; charset={charset}", "CONTENT_LENGTH": "1"}
    application(environ | body, lambda *status: started.append(status))
    assert started[0][0].startswith("415")
