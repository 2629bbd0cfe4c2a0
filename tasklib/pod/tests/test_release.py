"""The record of what served last; Podman's answers are given here."""

import pytest

from tasklib.core.project import BUILD, Project
from tasklib.pod import release, state


@pytest.fixture
def shop(monkeypatch, tmp_path):
    """A copy whose containers run from images that are named by a letter; `names` are the names given to them."""
    project, names = Project("shop"), []
    monkeypatch.chdir(tmp_path.parent)
    pod = project.manifest  # read where pod.yaml is
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(release.shell, "capture", names.append)
    monkeypatch.setattr(release.state, "healthy", lambda _, services: {*services})

    def run(letter, mark="1f"):
        container = {"Image": letter, "State": {"Running": True}, "Config": {"Annotations": {state.ANNOTATION: mark}}}
        monkeypatch.setattr(release.state, "state", lambda _: dict.fromkeys(pod.services, container))
        return project

    run.names = names
    return run


def test_first_release_has_none_before(shop, monkeypatch):
    project = shop("a")
    monkeypatch.setattr(release.state, "state", lambda _: {})
    assert release.running(project) is None


def test_pod_that_was_taken_down_has_none_to_return_to(shop, monkeypatch):
    release.keep_healthy(shop("a"))
    project = shop("a")
    monkeypatch.setattr(release.state, "state", lambda _: {})
    assert release.running(project) is None


def test_healthy_release_is_kept_by_the_ids_of_its_images(shop):
    release.keep_healthy(shop("a"))
    kept = release.last(shop("b"))
    assert {container["image"] for container in kept.manifest.containers.values()} == {"a"}
    assert state.fingerprint(kept) == "1f"
    assert ["podman", "tag", "a", "localhost/shop-server:serving-shop"] in shop.names


def test_release_that_is_kept_is_not_kept_again(shop):
    release.keep_healthy(shop("a"))
    shop.names.clear()
    release.keep_healthy(shop("a"))
    assert shop.names == []


def test_pod_that_podman_alone_has_started_is_one_to_return_to(shop):
    project = shop("a", mark="")
    (BUILD).mkdir()
    (BUILD / "shop.yaml").write_text(project.manifest.with_variables("server", {"A": "1"}).dump())
    assert release.running(project).manifest.variables("server")["A"] == "1"


def test_release_that_is_ill_is_not_one_to_return_to(shop, monkeypatch):
    release.keep_healthy(shop("a"))
    project = shop("b")
    monkeypatch.setattr(release.state, "healthy", lambda *_: {"db"})
    assert release.running(project).manifest.containers["server"]["image"] == "a"


def test_differences_are_named_without_values():
    pod = Project("shop").manifest
    later = pod.with_variables("server", {"DJANGO_ADMIN": "true", "POSTGRES_PASSWORD_FILE": "/secret"})
    ids = {name: container["image"] for name, container in pod.containers.items()}
    lines = [*release.differences(pod, later, ids | {"log": "1f"})]
    assert sorted(lines) == [
        "log: image differs",
        "server: variable DJANGO_ADMIN is new",
        "server: variable POSTGRES_PASSWORD_FILE differs",
    ]
