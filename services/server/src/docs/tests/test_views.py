"""The description of the API and its pages."""

import json
import re

import pytest


def test_schema_is_openapi(client):
    response = client.get("/schema/")
    assert response["Content-Type"] == "application/vnd.oai.openapi+json;version=3.1"
    assert json.loads(response.content)["openapi"].startswith("3.1")


def test_unchanged_schema_is_304(client):
    tag = client.get("/schema/")["ETag"]
    assert client.get("/schema/", headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("path", ["/docs/", "/docs/redoc/"])
def test_page_has_no_script_or_style_of_its_own(client, path):
    page = client.get(path).content.decode()
    assert re.findall(r"<script(?![^>]*src=)|<style|\son\w+=|style=", page) == []


@pytest.mark.parametrize("path", ["/docs/", "/docs/redoc/", "/token/"])
def test_policy_allows_no_inline_script(client, db, path):
    policy = client.get(path, headers={"accept": "text/html"})["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy


def test_page_has_the_title_of_the_project(client, db, settings):
    page = client.get("/token/", headers={"accept": "text/html"}).content.decode()
    assert f"<title>Token - {settings.API_TITLE}</title>" in page


@pytest.mark.parametrize("accept", ["text/html,*/*;q=0.8", "text/html", "text/*, application/json;q=0.9"])
def test_browser_is_led_to_the_docs(client, accept):
    response = client.get("/", headers={"accept": accept})
    assert (response.status_code, response["Location"], response["Vary"]) == (302, "/docs/", "Accept")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "", "text/html;q=0, */*", "image/png"])
def test_client_is_told_where_things_are(client, accept):
    response = client.get("/", headers={"accept": accept})
    assert {"docs", "healthcheck", "schema", "token"} <= response.json().keys()
    assert response.json()["docs"] == "http://testserver/docs/"


def test_admin_is_not_among_the_resources(client):
    assert "admin" not in client.get("/").json()
