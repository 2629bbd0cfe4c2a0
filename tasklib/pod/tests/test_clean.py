"""`inv clean` removes what belongs to this copy, and nothing of another."""

from types import SimpleNamespace

import pytest
from invoke import MockContext

from tasklib.core import shell
from tasklib.core.project import Project
from tasklib.pod import clean, lifecycle

# What Podman knows of, by the filter.
NAMES = {
    "reference=localhost/shop-db": "".join(
        f"localhost/{name}\n" for name in ("shop-db:latest", "shop-db:16", "shop-db:17", "other-db:17")
    ),
    "label=extra=shop": "localhost/shop-load:latest\n",
}


@pytest.fixture
def removed(monkeypatch, tmp_path):
    """The commands that cleaning runs, as lines."""
    lines = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lifecycle, "down", lambda *_: None)
    monkeypatch.setattr(clean.wheels, "clear", lambda: None)
    monkeypatch.setattr(shell, "capture", lambda words: SimpleNamespace(stdout=NAMES[words[4]]))
    monkeypatch.setattr(shell, "run", lambda *given, **_: lines.append(" ".join(given[1])))
    return lines


def test_own_images_and_layers_go(removed):
    clean.clean(MockContext(), Project("shop"), data=False)
    assert [line.split()[1:3] for line in removed] == [["image", "rm"], ["image", "rm"], ["image", "prune"]]
    assert all("shop" in line for line in removed)


def test_database_images_of_every_major_go(removed):
    clean.clean(MockContext(), Project("shop"), data=False)
    assert " localhost/shop-db:16 localhost/shop-db:17 " in removed[1]


def test_images_of_deletable_parts_go(removed):
    clean.clean(MockContext(), Project("shop"), data=False)
    assert removed[1].endswith(" localhost/shop-load:latest")


def test_borrowed_images_stay(removed):
    clean.clean(MockContext(), Project("second", images="shop"), data=False)
    assert [line for line in removed if ":serving-second" not in line] == []
