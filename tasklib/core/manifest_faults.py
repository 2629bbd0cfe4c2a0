"""The faults of a pod file in what the tasks read of it; Podman checks the rest when it starts the pod."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from tasklib.core.manifest_shape import misfits

Document = dict[str, Any]

NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")  # a label of DNS: RFC 1123
NAMING = "lower case letters, digits and dashes, 63 at most"
HIGHEST_PORT = 65535


def faults(document: Any) -> list[str]:
    """A line for each fault; the parts of something missing are not reported."""
    if not isinstance(document, dict):
        return [f"it holds {kind(document)} instead of a pod"]
    found = [] if document.get("kind") == "Pod" else [f"kind is {document.get('kind')!r} instead of 'Pod'"]
    found += named(document.get("metadata"), "metadata")
    spec = document.get("spec")
    if not isinstance(spec, dict):
        return [*found, f"spec is {kind(spec)} instead of a mapping"]
    if not spec.get("containers"):
        found.append("spec.containers is missing or empty")
    seconds = spec.get("terminationGracePeriodSeconds", 30)
    if not is_number(seconds, 0, 3600):
        found.append(f"spec.terminationGracePeriodSeconds is {seconds!r} instead of seconds, 3600 at most")
    found += [*of_containers(spec), *of_volumes(spec)]
    # What is not of the right kind has been reported in words of its own, or is now.
    places = {line.split()[0] for line in found}
    return found + [line for line in misfits(document) if line.split()[0] not in places] or list(of_mounts(spec))


def of_mounts(spec: Document) -> Iterator[str]:
    """The mounts without a volume, in a pod that has no other fault."""
    volumes = {volume["name"] for volume in spec.get("volumes") or []}
    for place, container in parts(spec, "containers", "spec"):
        for where, mount in parts(container, "volumeMounts", place):
            if mount.get("name") not in volumes:
                yield f"{where}.name is {mount.get('name')!r}, which is not the name of a volume"


def of_containers(spec: Document) -> Iterator[str]:
    """The faults of the containers, and names and host ports that two of them have."""
    containers = list(parts(spec, "containers", "spec"))
    for place, container in containers:
        if not isinstance(container, dict):
            yield strange(place, container)
            continue
        yield from named(container, place)
        if not isinstance(container.get("image"), str):
            yield f"{place}.image is {kind(container.get('image'))} instead of a text"
        yield from of_ports(container, place)
        for where, variable in parts(container, "env", place):
            if not isinstance(variable, dict) or not isinstance(variable.get("name"), str):
                yield f"{where} has no name"
    whole = [container for _, container in containers if isinstance(container, dict)]
    ports = [port for container in whole for _, port in parts(container, "ports", "") if isinstance(port, dict)]
    yield from twice("the name of a container", (str(container.get("name")) for container in whole))
    yield from twice("a hostPort", (str(port["hostPort"]) for port in ports if "hostPort" in port))


def of_ports(container: Document, place: str) -> Iterator[str]:
    for where, port in parts(container, "ports", place):
        if not isinstance(port, dict):
            yield strange(where, port)
        elif "hostPort" in port and not is_number(port["hostPort"], 1, HIGHEST_PORT):
            yield f"{where}.hostPort is {port['hostPort']!r} instead of a number from 1 to {HIGHEST_PORT}"


def of_volumes(spec: Document) -> Iterator[str]:
    """The faults of the volumes, and names that two of them have."""
    volumes = list(parts(spec, "volumes", "spec"))
    for place, volume in volumes:
        if not isinstance(volume, dict) or not isinstance(volume.get("name"), str):
            yield f"{place} has no name"
            continue
        for key, name in (("secret", "secretName"), ("persistentVolumeClaim", "claimName")):
            source = volume.get(key, {name: ""})
            if not isinstance(source, dict) or not isinstance(source.get(name), str):
                yield f"{place}.{key} has no {name}"
    yield from twice("the name of a volume", (str(v.get("name")) for _, v in volumes if isinstance(v, dict)))


def parts(parent: Document, key: str, place: str) -> Iterator[tuple[str, Any]]:
    """The items of a list, each with its place in the file; a value that is not a list is returned as one item."""
    items = parent.get(key) or []
    if not isinstance(items, list):
        yield f"{place}.{key}", items
        return
    yield from ((f"{place}.{key}[{number}]", item) for number, item in enumerate(items))


def strange(place: str, item: Any) -> str:
    """The fault of an item that is not a mapping, or of a value where a list should be."""
    return f"{place} is {kind(item)} instead of {'a mapping' if place.endswith(']') else 'a list'}"


def named(part: Any, place: str) -> list[str]:
    """The fault of a part whose name Podman could not use."""
    name = part.get("name") if isinstance(part, dict) else None
    if isinstance(name, str) and NAME.fullmatch(name):
        return []
    return [f"{place}.name is {name!r} instead of a name of {NAMING}" if name else f"{place}.name is missing"]


def twice(what: str, values: Iterable[str]) -> Iterator[str]:
    return (f"{value} is {what} twice" for value, count in Counter(values).items() if count > 1)


def is_number(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def kind(value: Any) -> str:
    """YAML's name for the type of a value."""
    names = {dict: "a mapping", list: "a list", str: "a text", type(None): "nothing"}
    return names.get(type(value), "a number")
