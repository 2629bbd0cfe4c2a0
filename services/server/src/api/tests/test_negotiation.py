"""Which form of an answer a client gets."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.urls("api.tests.groups")]


@pytest.mark.parametrize(
    ("accepted", "status"),
    [("application/json", 200), ("application/problem+json", 200), ("application/problem+json, image/png", 200),
     ("*/*", 200), ("image/png", 406), ("application/json;q=0", 406), ("*/*;q=0", 406), ("", 200),
     ("application/json;q=0, */*;q=0.1", 200), ("application/json;q=2", 406), (",;q=x/,*/,;;", 406)],
)  # fmt: skip
def test_status_of_what_is_accepted(client, accepted, status):
    assert client.get("/test-group/", headers={"accept": accepted}).status_code == status


@pytest.mark.parametrize(
    ("accepted", "name"),
    [
        ("text/html;q=0, */*", "json"),
        ("text/html;q=0.000, */*", "json"),
        ("*/*, TEXT/HTML; Q=0", "json"),
        ("application/json;q=0, */*", "html"),
        ("text/html;q=0.5, application/json;q=0.4", "html"),
        ("text/html;q=0.4, application/json;q=0.5", "json"),
        ("text/*;q=0.9, application/json;q=0.1", "html"),
        ("text/html;q=0.1, text/*;q=0.9, application/json;q=0.5", "json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("application/json, text/plain, */*", "json"),
        ("application/json; indent=2", "json"),
        ("application/problem+json, text/html;q=0.9", "json"),
        ("application/problem+json;q=0.1, text/html", "html"),
    ],
)
def test_form_is_the_one_of_the_highest_weight(client, accepted, name):
    response = client.get("/test-group/", headers={"accept": accepted})
    assert name in response["Content-Type"]
    assert "Accept" in response["Vary"].split(", ")


def test_indent_changes_no_byte(client):
    plain, indented = (
        client.get("/test-group/", headers={"accept": f"application/json{end}"}) for end in ("", ";indent=2")
    )
    assert (plain.content, plain["ETag"]) == (indented.content, indented["ETag"])


def test_client_that_accepts_problems_alone_may_delete(as_user):
    assert as_user.delete("/token/", headers={"accept": "application/problem+json"}).status_code == 204
