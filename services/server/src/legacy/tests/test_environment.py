"""LEGACY_DATABASE_URL becomes settings."""

import runpy

import pytest

from config import settings


@pytest.fixture
def read(monkeypatch):
    """Return the settings as a fresh process has them with this URL, or without one."""

    def read(url):
        monkeypatch.setenv("LEGACY_DATABASE_URL", url) if url else monkeypatch.delenv("LEGACY_DATABASE_URL")
        return runpy.run_path(settings.__file__)

    return read


def test_without_an_older_database_nothing_of_it_is_loaded(read):
    settings = read(None)
    assert ([*settings["DATABASES"]], settings["DATABASE_ROUTERS"]) == (["default"], [])
    assert not {"legacy", "comics"} & {*settings["INSTALLED_APPS"]}


@pytest.mark.parametrize(
    ("url", "options"),
    [
        (
            "postgres://r:p@h/n",
            r"-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\ read",
        ),
        ("mysql://r:p@h/n", "SET SESSION TRANSACTION READ ONLY"),
        ("sqlite:////a/b c", True),
    ],
    ids=["postgres", "mysql", "sqlite"],
)
def test_older_database_is_only_read(read, url, options):
    assert options in read(url)["DATABASES"]["legacy"]["OPTIONS"].values()


@pytest.mark.parametrize("url", ["oracle://h/n", "nonsense", "postgres://h:port/n"])
def test_unknown_older_database_is_a_fault(read, url):
    (fault,) = read(url)["ENVIRONMENT_FAULTS"]
    assert fault.startswith("LEGACY_DATABASE_URL cannot be used")
