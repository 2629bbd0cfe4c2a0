"""The checks of a start; Podman's answers are given here."""

import pytest
from invoke import Exit

from tasklib.core.project import Project
from tasklib.images import store
from tasklib.pod import lifecycle

PROJECT = Project("shop")


def test_first_missing_image_is_named(monkeypatch):
    monkeypatch.setattr(store, "ids", lambda *images: {image: "1f" for image in images if "db" not in image})
    with pytest.raises(Exit, match="no image localhost/shop-db - build it with: inv build"):
        store.require_images(PROJECT, ["server", "db"])


def test_probe_is_run_where_podman_does_not_count_it():
    assert PROJECT.probe("log")[:4] == ["podman", "exec", "--interactive", "shop-log"]
    assert PROJECT.probe("log")[4:] == PROJECT.manifest.containers["log"]["livenessProbe"]["exec"]["command"]


def test_failed_start_names_the_former_pod_before_the_remedy():
    error = lifecycle.ending(Exit("server is not healthy - mend it, then type: inv up"), "the former pod serves again")
    assert error.message == "server is not healthy - the former pod serves again; mend it, then type: inv up"


def test_interrupted_start_stays_interrupted(capsys):
    assert isinstance(lifecycle.ending(KeyboardInterrupt(), "the former pod serves again"), KeyboardInterrupt)
    assert capsys.readouterr().out == "the former pod serves again\n"
