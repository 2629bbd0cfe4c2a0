"""Reading pod.yaml and deriving other copies from it; pure but for `load`."""

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from invoke import Exit

Manifest = dict[str, Any]  # a document of Kubernetes, or a part of one


def load(path: Path) -> Manifest:
    """Read a pod file. Raises Exit that says where it is wrong."""
    try:
        manifest: Manifest = yaml.safe_load(path.read_text())
        name(manifest), services(manifest), host_ports(manifest)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "somewhere"
        raise Exit(f"{path} is not valid YAML: {where}: {error.problem} - mend that line") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise Exit(f"{path} is no pod: {type(error).__name__} {error} - compare it with git diff {path}") from error
    return manifest


def dump(manifest: Manifest) -> str:
    """A pod file's text."""
    text: str = yaml.safe_dump(manifest, sort_keys=False)
    return text


def name(manifest: Manifest) -> str:
    return str(manifest["metadata"]["name"])


def containers(manifest: Manifest) -> list[Manifest]:
    return list(manifest["spec"]["containers"])


def services(manifest: Manifest) -> list[str]:
    """The containers' names, in the order of a request."""
    return [container["name"] for container in containers(manifest)]


def host_ports(manifest: Manifest) -> dict[str, int]:
    """The published port of each container that has one."""
    return {
        container["name"]: port["hostPort"]
        for container in containers(manifest)
        for port in container.get("ports", [])
        if "hostPort" in port
    }


def secrets(manifest: Manifest) -> list[str]:
    """The names of the secrets that the pod mounts."""
    return [volume["secret"]["secretName"] for volume in manifest["spec"]["volumes"] if "secret" in volume]


def claims(manifest: Manifest) -> list[str]:
    """The names of the volumes whose data is kept."""
    kept = (volume.get("persistentVolumeClaim") for volume in manifest["spec"]["volumes"])
    return [claim["claimName"] for claim in kept if claim]


def scratch(manifest: Manifest) -> list[str]:
    """The names of the volumes that go with the pod."""
    return [volume["name"] for volume in manifest["spec"]["volumes"] if "emptyDir" in volume]


def variables(manifest: Manifest, service: str) -> dict[str, str]:
    """The variables of one container by their names."""
    found = [part.get("env", []) for part in containers(manifest) if part["name"] == service]
    return {variable["name"]: str(variable.get("value", "")) for env in found for variable in env}


def with_variables(manifest: Manifest, service: str, variables: Mapping[str, str]) -> Manifest:
    """The same pod with other values of some variables of one container."""
    changed: Manifest = copy.deepcopy(manifest)
    for container in containers(changed):
        if container["name"] == service:
            kept = [variable for variable in container.get("env", []) if variable["name"] not in variables]
            container["env"] = kept + [{"name": name, "value": value} for name, value in variables.items()]
    return changed


def join(manifest: Manifest, *others: Manifest) -> Manifest:
    """One pod of the containers and volumes of all."""
    joined: Manifest = copy.deepcopy(manifest)
    for other in others:
        for part in ("containers", "volumes"):
            joined["spec"][part] += copy.deepcopy(other["spec"][part])
    return joined


def derive(manifest: Manifest, new: str, images: str, port_offset: int) -> Manifest:
    """The same pod under another name: every name with its prefix follows, and every host port moves."""
    old = name(manifest)
    derived: Manifest = _rename(copy.deepcopy(manifest), old, new)
    for container in containers(derived):
        container["image"] = container["image"].replace(f"localhost/{old}-", f"localhost/{images}-", 1)
        for port in container.get("ports", []):
            if "hostPort" in port:
                port["hostPort"] += port_offset
    return derived


def _rename(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _rename(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [_rename(item, old, new) for item in value]
    if isinstance(value, str) and (value == old or value.startswith(f"{old}-")):
        return value.replace(old, new, 1)
    return value
