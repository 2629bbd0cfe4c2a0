"""Data of another major; Podman's answers are given here."""

from types import SimpleNamespace

import pytest
from invoke import Exit, MockContext

from tasklib.core.project import Project
from tasklib.core.services import MAJOR
from tasklib.database import upgrade
from tasklib.images import store

PROJECT = Project("shop")


@pytest.fixture
def volume(monkeypatch):
    """Say which major the volume is of, and have no image of it."""
    monkeypatch.setattr(store, "require_images", lambda *_: {})

    def is_of(major):
        monkeypatch.setattr(upgrade.contents, "major", lambda *_: major)
        monkeypatch.setattr(upgrade.shell, "capture", lambda _: SimpleNamespace(returncode=1))

    return is_of


def test_data_of_this_major_stays(volume, capsys):
    volume(f"{MAJOR}")
    upgrade.upgrade(MockContext(), PROJECT)
    assert "nothing to do" in capsys.readouterr().out


def test_missing_old_image_is_named(volume):
    volume("16")
    with pytest.raises(Exit, match="no image localhost/shop-db:16 to read the data with - build it"):
        upgrade.upgrade(MockContext(), PROJECT)


def test_no_data_is_told(volume):
    volume("")
    with pytest.raises(Exit, match="no data in volume shop-db-data"):
        upgrade.upgrade(MockContext(), PROJECT)
