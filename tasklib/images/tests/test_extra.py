"""An image that a deletable part of the project brings along."""

import pytest
from invoke import Exit, MockContext, Result

from tasklib.core.project import Project
from tasklib.images import build, extra, wheels
from tasklib.images.extra import Extra

LOAD = Extra("load", "load/Containerfile", {"SERVER": "server"}, "load.build")


def test_image_grows_from_those_of_its_project(monkeypatch):
    monkeypatch.setattr(wheels, "vendored", lambda: False)
    recipe = extra.recipe(Project("second", images="shop"), LOAD)
    assert (recipe.tag, recipe.args) == ("localhost/shop-load", {"SERVER": "localhost/shop-server"})


def test_image_is_found_by_its_label():
    assert extra.recipe(Project("shop"), LOAD).labels == {"extra": "shop"}


def test_packages_come_from_wheels_where_they_are_vendored(monkeypatch):
    monkeypatch.setattr(wheels, "vendored", lambda: True)
    assert extra.recipe(Project("shop"), LOAD).args.items() >= wheels.OFFLINE.items()


def test_failed_build_names_its_own_task(monkeypatch, tmp_path):
    monkeypatch.setattr(build, "BUILD", tmp_path)
    monkeypatch.setattr(extra.store, "require_images", lambda *_: None)
    monkeypatch.setattr(extra.host_settings, "secrets", dict)
    with pytest.raises(Exit, match=r"mend it, then type: inv load\.build"):
        extra.build_extra(MockContext(run=Result(exited=1)), Project("shop"), LOAD)
