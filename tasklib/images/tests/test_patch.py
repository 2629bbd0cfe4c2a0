"""The age of Debian's packages in an image, and the changes of a newer build."""

from datetime import date

import pytest

from tasklib.core import shell
from tasklib.core.project import Project
from tasklib.core.services import PACKAGES_LABEL
from tasklib.images import build, patch

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-11-28", "of 2026-11-28, today"),
        ("2026-11-27", "of 2026-11-27, 1 day old"),
        ("2026-10-29", "of 2026-10-29, 30 days old"),
        ("2026-10-28", "of 2026-10-28, 31 days old - bring Debian's fixes: inv patch"),
        ("", "unknown - build the images again: inv patch"),
    ],
)
def test_age_of_packages_is_told(day, words):
    assert patch.age(day, TODAY) == words


def test_changed_version_is_named():
    before, after = {"libssl3t64": "3.5.1-1", "tzdata": "1"}, {"libssl3t64": "3.5.4-1", "tzdata": "1", "new": "1"}
    assert patch.changes("db", before, after) == ["db: libssl3t64 3.5.1-1 -> 3.5.4-1"]


def test_unchanged_image_says_so():
    assert patch.changes("db", {"a": "1"}, {"a": "1"}) == ["db: no package has changed"]


@pytest.mark.parametrize(("image", "label"), [("server", "2026-11-28"), ("db", "2026-11-28"), ("base", None)])
def test_image_of_the_pod_has_the_day(image, label):
    assert build.recipe(Project("shop"), image, "2026-11-28").labels.get(PACKAGES_LABEL) == label


def test_versions_of_an_image_are_read(monkeypatch):
    answer = type("Answer", (), {"stdout": "libssl3t64 3.5.4-1\nnginx 1.26.3-3\n"})
    monkeypatch.setattr(shell, "capture", lambda _: answer)
    assert patch.packages(Project("shop"), "server") == {"libssl3t64": "3.5.4-1", "nginx": "1.26.3-3"}
