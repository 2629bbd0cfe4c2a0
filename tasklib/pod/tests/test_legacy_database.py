"""The older database reaches the container, and its password nobody's screen."""

import pytest
from invoke import Exit

from tasklib.pod import legacy_database


@pytest.fixture(autouse=True)
def nothing_is_named(monkeypatch):
    for name in (legacy_database.URL, f"{legacy_database.URL}_FILE"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_name_there_is_no_option():
    assert legacy_database.options() == []


def test_url_is_named_without_its_value(monkeypatch):
    monkeypatch.setenv(legacy_database.URL, "postgres://role:secret@host/name")
    assert legacy_database.options() == ["--env", legacy_database.URL]


def test_file_of_sqlite_is_mounted_for_reading(monkeypatch):
    monkeypatch.setenv(legacy_database.URL, "sqlite:////data/old.sqlite3")
    assert legacy_database.options()[2:] == ["--volume", "/data/old.sqlite3:/data/old.sqlite3:ro"]


def test_url_in_a_file_is_mounted(monkeypatch):
    monkeypatch.setenv(f"{legacy_database.URL}_FILE", "/data/url")
    assert legacy_database.options()[1:] == [
        f"{legacy_database.URL}_FILE=/run/secrets/legacy",
        "--volume",
        "/data/url:/run/secrets/legacy:ro",
    ]


def test_nameless_database_is_told():
    with pytest.raises(Exit, match="no older database - name it: export LEGACY_DATABASE_URL=postgres://"):
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
