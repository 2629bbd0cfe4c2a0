"""Podman's settings: those in force, and those that this machine needs in a drop-in file of ours."""

import json
import tomllib
from pathlib import Path

from tasklib.machine.finding import Fact, File
from tasklib.machine.readings import CAP_SYS_RESOURCE, Machine, cgroup_layout, hard_limits, has_capability, has_systemd

NAME = "50-pod-template.conf"
QUIET = "PODMAN_IGNORE_CGROUPSV1_WARNING"
# More is of no use to a service, and some kernels refuse a number above their largest process number.
MOST_PROCESSES = 30000
HEAD = """\
# Written by `inv doctor`: what Podman needs on this machine and does not find out by itself.
# `inv doctor --fix` writes this file again; settings of your own belong into a file beside it with a higher number.
"""
Settings = dict[tuple[str, str], object]


def drop_in(machine: Machine) -> str:
    """The path of our file: of the whole machine for root, of the one user otherwise."""
    folder = f"{machine.config_home}/containers" if machine.is_rootless else "/etc/containers"
    return f"{folder}/containers.conf.d/{NAME}"


def files(machine: Machine) -> list[str]:
    """The files that Podman reads its settings from, the strongest last."""
    if machine.environment.get("CONTAINERS_CONF"):
        return [machine.environment["CONTAINERS_CONF"]]
    own = f"{machine.config_home}/containers/containers.conf"
    names = ["/usr/share/containers/containers.conf"]
    for file in ("/etc/containers/containers.conf", own):
        parts = sorted(path.name for path in machine.path(f"{file}.d").glob("*.conf"))
        names += [file, *(f"{file}.d/{part}" for part in parts)]
    return names


def in_force(machine: Machine, without: str = "") -> Settings:
    """The settings of all files together, by table and key.

    Raises tomllib.TOMLDecodeError, its text beginning with the file's path.
    """
    result: Settings = {}
    for name in files(machine):
        if name != without:
            _add(result, _parsed(name, machine.read(name)))
    return result


def _parsed(name: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise tomllib.TOMLDecodeError(f"{name}: {error}") from error


def _add(result: Settings, tables: dict[str, object]) -> None:
    for table, keys in tables.items():
        for key, value in keys.items() if isinstance(keys, dict) else ():
            before = result.get((table, key), [])
            if isinstance(value, list) and isinstance(before, list):
                words = [word for word in value if not isinstance(word, dict)]
                result[table, key] = [*before, *words] if {"append": True} in value else words
            else:
                result[table, key] = value


def needed(machine: Machine, found: Settings) -> Settings:
    """The settings that are wrong in what was found, with the value that this machine needs."""
    values = {key: check(machine, found.get(key)) for key, check in CHECKS.items()}
    return {key: value for key, value in values.items() if value is not None}


def _runtime(machine: Machine, found: object) -> object:
    is_crun = Path(str(found or "crun")).name == "crun"
    return "runc" if cgroup_layout(machine) == "hybrid" and is_crun else None


def _cgroup_manager(machine: Machine, found: object) -> object:
    return "cgroupfs" if found == "systemd" and not has_systemd(machine) else None


def _events_logger(machine: Machine, found: object) -> object:
    return "file" if found == "journald" and not has_systemd(machine) else None


def _environment(machine: Machine, found: object) -> object:
    names = {str(word).split("=")[0] for word in found} if isinstance(found, list) else set()
    return None if cgroup_layout(machine) == "v2" or QUIET in names else [f"{QUIET}=1", {"append": True}]


def _ulimits(machine: Machine, found: object) -> object:
    words = [str(word) for word in found] if isinstance(found, list) else []
    given = {word.split("=")[0]: word.split(":")[-1].split("=")[-1] for word in words}
    most = hard_limits(machine)
    # Where nothing is set, a build as root asks for 1048576 of each; a user's build takes what there is.
    unset = 0 if machine.is_rootless else 1048576
    asked = {name: given.get(name, str(unset)) for name in most}
    # -1 means unlimited, which is beyond every limit.
    is_within = all(asked[name].isdigit() and int(asked[name]) <= most[name] for name in most)
    if has_capability(machine, CAP_SYS_RESOURCE) or is_within:
        return None
    kept = [word for word in words if word.split("=")[0] not in most]
    numbers = {name: min(most[name], MOST_PROCESSES) if name == "nproc" else most[name] for name in most}
    return [*kept, *(f"{name}={number}:{number}" for name, number in numbers.items())]


CHECKS = {
    ("engine", "runtime"): _runtime,
    ("engine", "cgroup_manager"): _cgroup_manager,
    ("engine", "events_logger"): _events_logger,
    ("engine", "env"): _environment,
    ("containers", "default_ulimits"): _ulimits,
}


def written_settings(machine: Machine) -> File:
    """Our file as it should be: the keys that no other file sets as this machine needs them."""
    settings = needed(machine, in_force(machine, without=drop_in(machine)))
    tables = sorted({table for table, _ in settings})
    parts = [f"\n[{table}]\n" + "".join(_lines(settings, table)) for table in tables]
    return File(drop_in(machine), HEAD + "".join(parts))


def _lines(settings: Settings, table: str) -> list[str]:
    return [f"{key} = {_toml(value)}\n" for (name, key), value in sorted(settings.items()) if name == table]


def _toml(value: object) -> str:
    words = value if isinstance(value, list) else [value]
    texts = ["{append = true}" if isinstance(word, dict) else json.dumps(word) for word in words]
    return f"[{', '.join(texts)}]" if isinstance(value, list) else texts[0]


def settings(machine: Machine) -> list[Fact]:
    """The settings that this machine may need, each repaired by one file of ours."""
    try:
        found = in_force(machine)
        file = written_settings(machine)
    except tomllib.TOMLDecodeError as error:
        return [Fact("Podman's settings", str(error), "TOML", ok=False, fatal=True)]
    wrong = needed(machine, found)
    # What is written already and still not in force is overruled by a file that only its owner may judge.
    remedy = [] if machine.read(file.path) == file.text else [file]
    return [_fact(place, found.get(place), wrong.get(place), remedy) for place in CHECKS]


def _fact(place: tuple[str, str], found: object, wanted: object, remedy: list[File]) -> Fact:
    name = f"[{place[0]}] {place[1]}"
    # Without the variable there is a warning at each call, and no harm.
    is_fatal = place != ("engine", "env")
    return Fact(name, _shown(found, place[1]), _shown(wanted, place[1]), wanted is None, remedy, fatal=is_fatal)


def _shown(value: object, key: str) -> str:
    if not isinstance(value, list):
        return str(value or "default")
    words = [word for word in value if isinstance(word, str)]
    # Of a variable its name alone: a proxy's value may hold a password.
    return ", ".join(word.split("=")[0] if key == "env" else word for word in words)
