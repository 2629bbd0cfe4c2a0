"""The tasks `bench.*` and their image; these tests need no Podman."""

from pathlib import Path

import pytest

from bench import tasks
from bench.sandbox import BENCH
from tasklib.core.project import Project
from tasklib.images import extra, record


def test_every_task_is_one_short_sentence():
    texts = [task.__doc__ for task in tasks.ns.tasks.values()]
    assert [text for text in texts if not text.endswith(".") or len(text) > 80] == []


def test_benchmark_without_a_subject_measures_all():
    assert tasks.ns.default == "run"
    assert len(tasks.EVERY) == len(tasks.ns.tasks) - 2


def test_image_grows_from_images_of_its_project():
    recipe = extra.recipe(Project("second", images="shop"), BENCH)
    assert (recipe.tag, recipe.args["SERVER"]) == ("localhost/shop-bench", "localhost/shop-server")


@pytest.mark.parametrize("path", [path for path in record.paths(BENCH.containerfile) if path != ".containerignore"])
def test_build_is_sent_what_its_containerfile_reads(path):
    lines = Path(f"{BENCH.containerfile}.containerignore").read_text().splitlines()
    assert Path(path).exists()
    assert f"!{path}" in lines or path == BENCH.containerfile
