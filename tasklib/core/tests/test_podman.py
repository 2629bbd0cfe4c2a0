"""Commands are compared as lists of words; nothing runs."""

from pathlib import Path

import pytest

from tasklib.core import podman

RECIPE = podman.Recipe("Containerfile", "localhost/x-log", "x")


def test_build_of_a_stage():
    recipe = RECIPE._replace(target="server", args={"BASE": "b"}, labels={"title": "t"})
    assert podman.build(recipe, secrets={}) == [
        *("podman", "build", "--file", "Containerfile", "--tag", "localhost/x-log", "--target", "server"),
        *("--build-arg", "BASE=b", "--label", "project=x", "--label", "title=t", "--layer-label", "project=x", "."),
    ]


def test_prune_takes_the_old_of_one_project():
    words = podman.image_prune("shop", until="24h")
    assert words == ["podman", "image", "prune", "--force", "--filter", "label=project=shop", "--filter", "until=24h"]


def test_build_without_cache():
    assert "--no-cache" in podman.build(RECIPE, secrets={}, cache=False)


def test_build_secret_is_a_file():
    words = podman.build(RECIPE, secrets={"ca": Path("build/ca.crt")})
    assert words[-3:-1] == ["--secret", "id=ca,src=build/ca.crt"]


def test_play_with_annotation():
    words = podman.kube_play("pod.yaml", annotation="a=b")
    assert words == ["podman", "kube", "play", "--quiet", "--annotation", "a=b", "pod.yaml"]


def test_play_with_network():
    words = podman.kube_play("pod.yaml", network="pasta")
    assert words == ["podman", "kube", "play", "--quiet", "--network", "pasta", "pod.yaml"]


def test_stop_waits_as_told():
    assert podman.stop("x-server", 30) == ["podman", "stop", "--time", "30", "x-server"]


def test_execute_with_terminal():
    words = podman.execute("x-db", "psql", terminal=True)
    assert words == ["podman", "exec", "--interactive", "--tty", "x-db", "psql"]


def test_run_leaves_no_container_and_runs_once():
    words = podman.run("image", "true", options=["--read-only"])
    assert words == ["podman", "run", "--rm", "--restart", "no", "--read-only", "image", "true"]


def test_import_sets_what_an_image_needs():
    words = podman.import_image(Path("a.tar"), "name", "ENV PATH=/bin")
    assert words == ["podman", "import", "--quiet", "--change", "ENV PATH=/bin", "a.tar", "name"]


@pytest.mark.parametrize(
    ("source", "is_on_this_machine"),
    [("./wheels", True), ("./", True), ("/srv/x", True), ("shop-db-data", False)],
)
def test_what_is_on_this_machine_can_be_read_where_selinux_is_on(source, is_on_this_machine):
    words = podman.run("x", options=["--volume", "other:/y", "--tmpfs", "/tmp", "--volume", f"{source}:/x:ro"])
    assert words.count("label=disable") == is_on_this_machine
