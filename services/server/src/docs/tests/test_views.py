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


def test_browsable_api_has_the_brand_of_the_project(client, db, settings):
    page = client.get("/token/", headers={"accept": "text/html"}).content.decode()
    assert f"<title>Token - {settings.API_TITLE}</title>" in page
