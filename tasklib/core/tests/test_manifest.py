"""Reading pod.yaml and deriving other copies from it."""

import pytest
import yaml
from invoke import Exit

from tasklib.core import manifest
from tasklib.core.project import Project
from tasklib.core.services import GRAPH_FILE, IN_EVERY_POD, POD_FILE


@pytest.fixture
def pod():
    return manifest.read(POD_FILE)


def names(pod):
    """Every name that Podman keeps for all pods of a user."""
    return [pod.name, *pod.secrets, *pod.claims, *pod.scratch]


def test_services_in_order_of_a_request(pod):
    assert pod.services == IN_EVERY_POD


def test_every_name_has_the_prefix(pod):
    assert [name for name in names(pod) if not name.startswith(pod.name)] == []


def test_copy_shares_no_name(pod):
    assert set(names(pod.derived("other", "other", 0))).isdisjoint(names(pod))


def test_copy_moves_host_ports(pod):
    moved = pod.derived("other", "other", 1000).host_ports
    assert moved == {service: port + 1000 for service, port in pod.host_ports.items()}


def test_copy_may_share_images(pod):
    copy = pod.derived("other", "shared", 0)
    assert {container["image"].split("-")[0] for container in copy.containers.values()} == {"localhost/shared"}


def test_same_name_changes_nothing(pod):
    assert pod.derived(pod.name, pod.name, 0) == pod


def test_variables_of_one_container_are_set_and_added(pod):
    changed = pod.with_variables("server", {"POSTGRES_PASSWORD_FILE": "/other", "DJANGO_ADMIN": "true"})
    added = {"POSTGRES_PASSWORD_FILE": "/other", "DJANGO_ADMIN": "true"}
    assert changed.variables("server") == pod.variables("server") | added


def test_variables_leave_the_others_alone(pod):
    changed = pod.with_variables("server", {"DJANGO_ADMIN": "true"})
    assert [name for name in pod.services if changed.containers[name] != pod.containers[name]] == ["server"]


def test_every_mount_has_its_volume(pod):
    mounts = {mount["name"] for container in pod.containers.values() for mount in container["volumeMounts"]}
    assert mounts == {volume["name"] for volume in pod.volumes}


def test_broken_yaml_names_its_line(tmp_path):
    (tmp_path / "pod.yaml").write_text("a: b\nc: [d\n")
    with pytest.raises(Exit, match=r"pod.yaml is not valid YAML: line 3"):
        manifest.read(tmp_path / "pod.yaml")


def test_missing_file_says_so(tmp_path):
    with pytest.raises(Exit, match=r"pod.yaml cannot be read: No such file or directory - get it again: git checkout"):
        manifest.read(tmp_path / "pod.yaml")


def test_each_file_is_parsed_once(monkeypatch):
    parsed, load = [], lambda text: yaml.SafeLoader(text).get_single_data()
    monkeypatch.setattr(manifest.yaml, "load", lambda text, _: parsed.append(text) or load(text))
    manifest.read.cache_clear()
    for copy in (Project("x"), Project("x", graph=True), Project("y")):
        copy.url("server")
    assert parsed == [file.read_text() for file in (POD_FILE, GRAPH_FILE) if file.exists()]
