"""The older database reaches the container, and its password nobody's screen."""

import pytest
from invoke import Exit

from tasklib import imports, legacy


@pytest.fixture(autouse=True)
def nothing_is_named(monkeypatch):
    for name in (legacy.URL, f"{legacy.URL}_FILE"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_name_there_is_no_option():
    assert legacy.options() == []


def test_url_is_named_without_its_value(monkeypatch):
    monkeypatch.setenv(legacy.URL, "postgres://role:secret@host/name")
    assert legacy.options() == ["--env", legacy.URL]


def test_file_of_sqlite_is_mounted_for_reading(monkeypatch):
    monkeypatch.setenv(legacy.URL, "sqlite:////data/old.sqlite3")
    assert legacy.options()[2:] == ["--volume", "/data/old.sqlite3:/data/old.sqlite3:ro"]


def test_url_in_a_file_is_mounted(monkeypatch):
    monkeypatch.setenv(f"{legacy.URL}_FILE", "/data/url")
    assert legacy.options()[1:] == [
        f"{legacy.URL}_FILE=/run/secrets/legacy",
        "--volume",
        "/data/url:/run/secrets/legacy:ro",
    ]


def test_nameless_database_is_told():
    with pytest.raises(Exit, match="no older database - name it: export LEGACY_DATABASE_URL=postgres://"):
        legacy.require()


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
    assert legacy.words(["a", "b"], 5, dry_run=True, fresh=True) == words
    assert legacy.words([], 0, dry_run=False, fresh=False) == words[:3]


def test_points_are_for_as_many_rows():
    took = {way: {"rows": imports.ROWS, "seconds": 2, "import": 1.5, "memory": 60} for way in imports.WAYS}
    took["save"] = {"rows": 2500, "seconds": 3}
    took["select"]["seconds"] = 1
    points = imports.points(took)
    assert (points["save"], points["changed"], points["unchanged"]) == (300, 2, 0.75)
    assert {*points} | {"memory_many"} == {*imports.wanted()}
