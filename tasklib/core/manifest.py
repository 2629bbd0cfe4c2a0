"""pod.yaml as a value, from which the pods of other copies are derived."""

import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml
from invoke import Exit

from tasklib.core.manifest_faults import Document, faults

# libyaml's loader takes 4 ms for pod.yaml, Python's own 33; PyYAML has it where it was built with libyaml.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Manifest:
    """A pod in the form of Kubernetes. Nothing changes it: every method that alters something returns a new one."""

    document: Document

    @property
    def name(self) -> str:
        return str(self.document["metadata"]["name"])

    @cached_property
    def containers(self) -> dict[str, Document]:
        """The containers by name, in the order of a request."""
        return {container["name"]: container for container in self.document["spec"]["containers"]}

    @property
    def services(self) -> list[str]:
        """The names of the containers, in the order of a request."""
        return list(self.containers)

    @property
    def grace_seconds(self) -> int:
        """The seconds that a container has to stop in; Kubernetes' own default is 30."""
        return int(self.document["spec"].get("terminationGracePeriodSeconds", 30))

    @property
    def host_ports(self) -> dict[str, int]:
        """The published port of each container that has one."""
        return {name: port for name, port, _ in self.published}

    @property
    def published(self) -> list[tuple[str, int, str]]:
        """Each container that publishes a port, with that port and the address that it is published on."""
        return [
            (name, port["hostPort"], port.get("hostIP", ""))
            for name, container in self.containers.items()
            for port in container.get("ports", [])
            if "hostPort" in port and port.get("protocol", "TCP") == "TCP"
        ]

    @property
    def volumes(self) -> list[Document]:
        return list(self.document["spec"].get("volumes", []))

    @property
    def secrets(self) -> list[str]:
        """The names of the secrets that the pod mounts."""
        return [volume["secret"]["secretName"] for volume in self.volumes if "secret" in volume]

    @property
    def claims(self) -> list[str]:
        """The names of the volumes whose data is kept."""
        kept = (volume["persistentVolumeClaim"] for volume in self.volumes if "persistentVolumeClaim" in volume)
        return [claim["claimName"] for claim in kept]

    @property
    def scratch(self) -> list[str]:
        """The names of the volumes that are removed with the pod."""
        return [volume["name"] for volume in self.volumes if "emptyDir" in volume]

    def probe(self, service: str) -> list[str]:
        """The command that tells whether a container is healthy; empty if it has none."""
        return list(self.containers[service].get("livenessProbe", {}).get("exec", {}).get("command", []))

    def variables(self, service: str) -> dict[str, str]:
        """The variables of one container by name."""
        return {
            variable["name"]: str(variable.get("value", "")) for variable in self.containers[service].get("env", [])
        }

    def with_variables(self, service: str, variables: Mapping[str, str]) -> "Manifest":
        """The same pod with other values of some variables of one container."""
        changed = Manifest(copy.deepcopy(self.document))
        container = changed.containers[service]
        kept = [variable for variable in container.get("env", []) if variable["name"] not in variables]
        container["env"] = kept + [{"name": name, "value": value} for name, value in variables.items()]
        return changed

    def joined(self, *others: "Manifest") -> "Manifest":
        """One pod of the containers and volumes of all."""
        document = copy.deepcopy(self.document)
        for other in others:
            for part in ("containers", "volumes"):
                document["spec"].setdefault(part, []).extend(copy.deepcopy(other.document["spec"].get(part, [])))
        return Manifest(document)

    def with_images(self, images: Mapping[str, str]) -> "Manifest":
        """The same pod of other images, by service."""
        changed = Manifest(copy.deepcopy(self.document))
        for service, image in images.items():
            changed.containers[service]["image"] = image
        return changed

    def annotation(self, name: str) -> str:
        """The value of an annotation of the pod; empty if it has none."""
        return str((self.document["metadata"].get("annotations") or {}).get(name, ""))

    def with_annotation(self, name: str, value: str) -> "Manifest":
        """The same pod with another value of an annotation."""
        changed = copy.deepcopy(self.document)
        changed["metadata"]["annotations"] = {**(changed["metadata"].get("annotations") or {}), name: value}
        return Manifest(changed)

    def derived(self, name: str, images: str, port_offset: int) -> "Manifest":
        """The same pod under another name: every name with its prefix follows, and every host port moves."""
        derived = Manifest(_renamed(self.document, self.name, name))
        for container in derived.containers.values():
            container["image"] = container["image"].replace(f"localhost/{self.name}-", f"localhost/{images}-", 1)
            for port in container.get("ports", []):
                if "hostPort" in port:
                    port["hostPort"] += port_offset
        return derived

    def trial(self, name: str, service: str, command: list[str], existing: Collection[str]) -> "Manifest":
        """The same pod to be made beside the first, without its ports, probes and data; one service runs a command.

        Secrets whose volumes exist are mounted from those: Podman would else write their files again, which are in use.
        """
        trial = Manifest(_renamed(self.document, self.name, name))
        trial.document["spec"]["restartPolicy"] = "Never"
        trial.containers[service]["command"] = command
        for container in trial.containers.values():
            for key in ("ports", "livenessProbe", "startupProbe"):
                container.pop(key, None)
        for volume, own in zip(trial.volumes, self.volumes, strict=True):
            if volume.pop("persistentVolumeClaim", None):
                volume["emptyDir"] = {}
            if volume.pop("secret", None):
                secret = own["secret"]["secretName"]
                is_there = secret in existing
                volume.update(
                    {"persistentVolumeClaim": {"claimName": secret}} if is_there else {"secret": own["secret"]}
                )
        return trial

    def dump(self) -> str:
        """The text of a pod file."""
        text: str = yaml.safe_dump(self.document, sort_keys=False)
        return text


@cache
def read(path: Path) -> Manifest:
    """The pod of a file, which is read once in a run. Raises Exit with a line for each fault."""
    return load(path)


def load(path: Path) -> Manifest:
    """The pod of a file. Raises Exit with a line for each fault."""
    try:
        document = yaml.load(path.read_text(), LOADER)  # noqa: S506 - both loaders are the safe one
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise Exit(f"{path} cannot be read: {reason} - get it again: git checkout {path}") from error
    except yaml.YAMLError as error:
        raise Exit(f"{path} is not valid YAML: {yaml_reason(error)} - mend that line") from error
    if found := faults(document):
        raise Exit("\n".join(f"{path}: {fault} - compare it with: git diff {path}" for fault in found))
    return Manifest(document)


def yaml_reason(error: yaml.YAMLError) -> str:
    """The place and the reason of an error of PyYAML, in one line."""
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{problem or getattr(error, 'reason', error)}"


def _renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, old, new) for item in value]
    if isinstance(value, str) and (value == old or value.startswith(f"{old}-")):
        return value.replace(old, new, 1)
    return value
