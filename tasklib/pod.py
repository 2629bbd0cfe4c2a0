"""Reading pod.yaml and deriving other copies from it; pure but for `load`."""

import copy
from pathlib import Path
from typing import Any

import yaml
from invoke import Exit


def load(path: Path) -> dict:
    """Read a pod file. Raises Exit that says where it is wrong."""
    try:
        manifest = yaml.safe_load(path.read_text())
        name(manifest), services(manifest), host_ports(manifest)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "somewhere"
        raise Exit(f"{path} is not valid YAML: {where}: {error.problem} - mend that line") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise Exit(f"{path} is no pod: {type(error).__name__} {error} - compare it with git diff {path}") from error
    return manifest


def dump(manifest: dict) -> str:
    """A pod file's text."""
    return yaml.safe_dump(manifest, sort_keys=False)


def name(manifest: dict) -> str:
    return manifest["metadata"]["name"]


def containers(manifest: dict) -> list[dict]:
    return manifest["spec"]["containers"]


def services(manifest: dict) -> list[str]:
    """The containers' names, in the order of a request."""
    return [container["name"] for container in containers(manifest)]


def host_ports(manifest: dict) -> dict[str, int]:
    """The published port of each container that has one."""
    return {
        container["name"]: port["hostPort"]
        for container in containers(manifest)
        for port in container.get("ports", [])
        if "hostPort" in port
    }


def secrets(manifest: dict) -> list[str]:
    """The names of the secrets that the pod mounts."""
    return [volume["secret"]["secretName"] for volume in manifest["spec"]["volumes"] if "secret" in volume]


def claims(manifest: dict) -> list[str]:
    """The names of the volumes whose data is kept."""
    kept = (volume.get("persistentVolumeClaim") for volume in manifest["spec"]["volumes"])
    return [claim["claimName"] for claim in kept if claim]


def scratch(manifest: dict) -> list[str]:
    """The names of the volumes that go with the pod."""
    return [volume["name"] for volume in manifest["spec"]["volumes"] if "emptyDir" in volume]


def derive(manifest: dict, new: str, images: str, port_offset: int) -> dict:
    """The same pod under another name: every name with its prefix follows, and every host port moves."""
    old = name(manifest)
    derived = _rename(copy.deepcopy(manifest), old, new)
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
