"""The recipes of images, and the message of a failed build."""

from pathlib import Path

import pytest
from invoke import Context, Result

from tasklib.core.project import Project
from tasklib.core.services import IMAGES
from tasklib.images import build

PROJECT = Project("shop")


@pytest.mark.parametrize("image", IMAGES)
def test_every_image_has_its_containerfile(image):
    assert Path(build.recipe(PROJECT, image).file).is_file()


def test_server_is_a_stage_of_the_root_containerfile():
    recipe = build.recipe(PROJECT, "server")
    assert (recipe.file, recipe.target) == ("Containerfile", "server")


def test_database_is_made_by_the_server_image():
    assert build.recipe(PROJECT, "db").args["SERVER"] == "localhost/shop-server"


@pytest.mark.parametrize(("image", "labels"), [("base", 1), ("wheels", 1), ("runtime", 1), ("server", 2)])
def test_copies_share_what_images_grow_from(image, labels):
    assert len({build.recipe(copy, image).project for copy in (PROJECT, Project("shop-copy"))}) == labels


@pytest.mark.parametrize(("image", "built"), [("server", ["runtime", "server"]), ("db", ["db"])])
def test_stage_is_built_after_those_it_grows_from(image, built):
    assert build.with_stages([image]) == built


def test_reason_is_the_last_step():
    output = 'STEP 1/2: FROM x\nfine\nSTEP 2/2: RUN nginx -t\nunexpected }\nError: building at STEP "RUN nginx -t"\n'
    assert build.reason(output) == "RUN nginx -t\nunexpected }"


def test_progress_shows_steps():
    shown = []
    build.Progress(shown.append).write("[2/3] STEP 4/7: COPY a b\nother\n")
    assert shown == ["4/7: COPY a b"]


@pytest.mark.parametrize("image", ["runtime", "test"])
def test_edited_view_is_no_reason_for_other_stages(image):
    assert [path for path in build.reads(image) if path.startswith("services/server")] == []


def test_build_is_tried_again_where_another_removed_a_layer(monkeypatch, tmp_path):
    results = [Result(), Result(exited=125, stderr="Error: getting top layer info: layer not known")]
    monkeypatch.setattr(build.shell, "run", lambda *_, **__: results.pop())
    monkeypatch.setattr(build, "BUILD", tmp_path)
    build.one(Context(), ["podman", "build"], "log")
    assert results == []
