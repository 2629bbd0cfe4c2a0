"""The inputs of an image, and when the image counts as current."""

from pathlib import Path

import pytest

from tasklib.core.podman import Recipe
from tasklib.core.project import Project
from tasklib.core.services import IMAGES
from tasklib.images import build, record

RECIPE = Recipe("containers/log/Containerfile", "localhost/shop-log", "shop", labels={"version": "1"})


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder for the records."""
    monkeypatch.setattr(record, "BUILD", tmp_path)


@pytest.fixture
def image_ids():
    """The ids of the images that Podman has, by name."""
    return {"localhost/shop-log": "1f", "localhost/shop-base": "2e"}


def record_of(image_ids, **labels):
    recipe = RECIPE._replace(labels={**RECIPE.labels, **labels})
    return record.Record(recipe, [RECIPE.file], ["localhost/shop-base"], image_ids)


def test_fingerprint_follows_content(tmp_path):
    (tmp_path / "a.py").write_text("1")
    before = record.fingerprint(["*.py"], tmp_path)
    (tmp_path / "a.py").write_text("2")
    assert record.fingerprint(["*.py"], tmp_path) != before


@pytest.mark.parametrize(("mode", "same"), [(0o600, True), (0o664, True), (0o755, False)])
def test_fingerprint_follows_what_git_knows_of_a_mode(tmp_path, mode, same):
    (tmp_path / "a.py").write_text("1")
    (tmp_path / "a.py").chmod(0o644)
    before = record.fingerprint(["*.py"], tmp_path)
    (tmp_path / "a.py").chmod(mode)
    assert (record.fingerprint(["*.py"], tmp_path) == before) == same


def test_fingerprint_ignores_bytecode(tmp_path):
    before = record.fingerprint(["**/*"], tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("1")
    assert record.fingerprint(["**/*"], tmp_path) == before


@pytest.mark.parametrize("image", IMAGES)
def test_paths_exist_in_the_repository(image):
    assert all(any(Path().glob(path)) for path in record.paths(build.recipe(Project("shop"), image).file))


def test_paths_are_what_a_recipe_copies_and_binds(tmp_path):
    recipe = tmp_path / "Containerfile"
    recipe.write_text(
        "COPY --chown=1:1 a b/c /d/\nCOPY --from=files /image /\n"
        "RUN --mount=type=bind,source=e,target=/e --mount=type=bind,from=files,source=/f,target=/f \\\n"
        "    --mount=type=secret,id=g,target=/g --mount=type=cache,target=/h make\n"
    )
    assert record.paths(str(recipe)) == [str(recipe), ".containerignore", "a", "b/c", "e"]


def test_built_image_is_current(image_ids):
    record_of(image_ids).keep("1f")
    assert record_of(image_ids).is_current()


def test_image_never_built_here_is_not_current(image_ids):
    assert not record_of(image_ids).is_current()


def test_other_argument_makes_another_image(image_ids):
    record_of(image_ids).keep("1f")
    assert not record_of(image_ids, version="2").is_current()


@pytest.mark.parametrize("image", ["localhost/shop-log", "localhost/shop-base"])
def test_other_image_of_the_same_name_is_not_current(image_ids, image):
    record_of(image_ids).keep("1f")
    image_ids[image] = "3d"
    assert not record_of(image_ids).is_current()


def test_removed_image_is_not_current(image_ids):
    record_of(image_ids).keep("1f")
    del image_ids["localhost/shop-log"]
    assert not record_of(image_ids).is_current()


def test_other_mode_is_other_content(tmp_path):
    (tmp_path / "a").write_text("1")
    before = record.fingerprint(["a"], tmp_path)
    (tmp_path / "a").chmod(0o755)
    assert record.fingerprint(["a"], tmp_path) != before
