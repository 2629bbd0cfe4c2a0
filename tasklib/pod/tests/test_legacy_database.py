"""The container gets the URL of the legacy database, and no command line shows its password."""

import re

import pytest
from invoke import Exit

from tasklib.pod import legacy_database


@pytest.fixture(autouse=True)
def no_url(monkeypatch):
    for name in (legacy_database.URL, f"{legacy_database.URL}_FILE"):
        monkeypatch.delenv(name, raising=False)


def test_no_url_adds_no_option():
    assert legacy_database.options() == []


def test_url_is_passed_without_its_value(monkeypatch):
    monkeypatch.setenv(legacy_database.URL, "postgres://role:secret@host/name")
    assert legacy_database.options() == ["--env", legacy_database.URL]


def test_sqlite_file_is_mounted_read_only(monkeypatch):
    monkeypatch.setenv(legacy_database.URL, "sqlite:////data/old.sqlite3")
    assert legacy_database.options()[2:] == ["--volume", "/data/old.sqlite3:/data/old.sqlite3:ro"]


def test_file_with_the_url_is_mounted(monkeypatch):
    monkeypatch.setenv(f"{legacy_database.URL}_FILE", "/data/url")
    assert legacy_database.options()[1:] == [
        f"{legacy_database.URL}_FILE=/run/secrets/legacy",
        "--volume",
        "/data/url:/run/secrets/legacy:ro",
    ]


def test_missing_url_is_an_error():
    with pytest.raises(Exit, match="no legacy database - set it: export LEGACY_DATABASE_URL=postgres://"):
        legacy_database.require()


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("_FILE", "{}/nowhere", "{}/nowhere does not exist, or is not a file"),
        ("_FILE", "{}", "{} does not exist, or is not a file"),
        ("", "sqlite:///{}/nowhere", "{}/nowhere does not exist, or is not a file"),
        ("", "sqlite:///old.sqlite3", "'old.sqlite3' in LEGACY_DATABASE_URL is not a whole path - write: sqlite:////"),
    ],
)
def test_file_that_cannot_be_used_is_told(monkeypatch, tmp_path, name, value, fault):
    monkeypatch.setenv(f"{legacy_database.URL}{name}", value.format(tmp_path))
    with pytest.raises(Exit, match=re.escape(fault.format(tmp_path))):
        legacy_database.require()


def test_words_of_the_command():
    words = [
        "legacyimport",
        "--folder",
        "build/legacy",
        "--table",
        "a",
        "--table",
        "b",
        "--limit",
        "5",
        "--dry-run",
        "--fresh",
    ]
    assert legacy_database.words(["a", "b"], 5, dry_run=True, fresh=True) == words
    assert legacy_database.words([], 0, dry_run=False, fresh=False) == words[:3]
