"""Reading pod.yaml and deriving other copies from it."""

import pytest
from invoke import Exit

from tasklib.core import manifest as pod
from tasklib.core.project import POD_FILE, SERVICES


@pytest.fixture
def manifest():
    return pod.load(POD_FILE)


def names(manifest):
    """Every name that Podman keeps for all pods of a user."""
    return [pod.name(manifest), *pod.secrets(manifest), *pod.claims(manifest), *pod.scratch(manifest)]


def test_services_in_order_of_a_request(manifest):
    assert pod.services(manifest) == SERVICES


def test_every_name_has_the_prefix(manifest):
    prefix = pod.name(manifest)
    assert [name for name in names(manifest) if not name.startswith(prefix)] == []


def test_copy_shares_no_name(manifest):
    copy = pod.derive(manifest, "other", "other", 0)
    assert set(names(copy)).isdisjoint(names(manifest))


def test_copy_moves_host_ports(manifest):
    moved = pod.host_ports(pod.derive(manifest, "other", "other", 1000))
    assert moved == {service: port + 1000 for service, port in pod.host_ports(manifest).items()}


def test_copy_may_share_images(manifest):
    copy = pod.derive(manifest, "other", "shared", 0)
    assert {container["image"].split("-")[0] for container in pod.containers(copy)} == {"localhost/shared"}


def test_same_name_changes_nothing(manifest):
    assert pod.derive(manifest, pod.name(manifest), pod.name(manifest), 0) == manifest


def test_variables_of_one_container_are_set_and_added(manifest):
    changed = pod.with_variables(manifest, "server", {"POSTGRES_PASSWORD_FILE": "/other", "DJANGO_ADMIN": "true"})
    variables = [variable for variable in pod.containers(changed)[0]["env"] if "SECRET_KEY" not in variable["name"]]
    assert variables == [
        {"name": "POSTGRES_PASSWORD_FILE", "value": "/other"},
        {"name": "DJANGO_ADMIN", "value": "true"},
    ]


def test_variables_leave_the_others_alone(manifest):
    changed = pod.with_variables(manifest, "server", {"DJANGO_ADMIN": "true"})
    assert pod.containers(changed)[1:] == pod.containers(manifest)[1:]


def test_every_mount_has_its_volume(manifest):
    volumes = {volume["name"] for volume in manifest["spec"]["volumes"]}
    mounts = {mount["name"] for container in pod.containers(manifest) for mount in container["volumeMounts"]}
    assert mounts == volumes


def test_broken_yaml_names_its_line(tmp_path):
    (tmp_path / "pod.yaml").write_text("a: b\nc: [d\n")
    with pytest.raises(Exit, match=r"pod.yaml is not valid YAML: line 3"):
        pod.load(tmp_path / "pod.yaml")


def test_other_yaml_is_no_pod(tmp_path):
    (tmp_path / "pod.yaml").write_text("a: b\n")
    with pytest.raises(Exit, match="is no pod"):
        pod.load(tmp_path / "pod.yaml")
