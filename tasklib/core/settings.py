"""Settings of the tasks: invoke.yaml, and INVOKE_* variables for one call, checked before anything runs.

Invoke reads both as well, but takes INVOKE_ARCHIVE=false for true, and ends with a traceback for a wrong number.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import yaml
from invoke import Config, Exit

from tasklib.core import syslog
from tasklib.core.manifest import LOADER, yaml_reason
from tasklib.core.manifest_faults import NAME, NAMING
from tasklib.core.services import nearest

FILE = Path("invoke.yaml")
PREFIX = "INVOKE_"
EXECUTOR = "tasklib.executor.Menu"
BASE_SOURCES = ("auto", "registry", "archive")
LONGEST_NAME = 40  # with the suffixes of volumes and containers below the limits of Podman
HIGHEST_OFFSET = 50_000  # leaves room for the ports of pod.yaml
HIGHEST_SECONDS = 86_400
WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}
# Read by Invoke itself before any configuration: https://docs.pyinvoke.org/en/stable/concepts/configuration.html
RUNTIME_FILE = "INVOKE_RUNTIME_CONFIG"
INVOKES_OWN = ("INVOKE_DEBUG", RUNTIME_FILE)


@dataclass(frozen=True)
class TaskSettings:
    """The settings by name; invoke.yaml says what each is for."""

    name: str
    images: str
    port_offset: int
    node: str
    archive: bool
    syslog_host: str
    syslog_ca: str
    base: str
    base_from: str
    grafana: str
    up_seconds: int


TYPES: dict[str, type] = get_type_hints(TaskSettings)
KINDS = {int: "a whole number", bool: "true or false", str: "a text"}


@cache
def read() -> TaskSettings:
    """The settings of this call. Raises Exit with a line for each fault."""
    settings, found = parsed(load(FILE), os.environ)
    if found or settings is None:
        raise Exit("\n".join(found))
    return settings


def load(path: Path) -> dict[str, Any]:
    """The content of invoke.yaml. Raises Exit."""
    try:
        content = yaml.load(path.read_text(), LOADER)  # noqa: S506 - both loaders are the safe one
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise Exit(f"{path} cannot be read: {reason} - get it again: git checkout {path}") from error
    except yaml.YAMLError as error:
        raise Exit(f"{path} is not valid YAML: {yaml_reason(error)} - mend that line") from error
    if not isinstance(content, dict):
        raise Exit(f"{path} does not hold settings by name - get it again: git checkout {path}")
    return content


def parsed(content: Mapping[str, Any], environment: Mapping[str, str]) -> tuple[TaskSettings | None, list[str]]:
    """The settings, and what is wrong with them; none where a value is missing or has another type."""
    found = [*unknown_keys(content), *unknown_variables(environment)]
    values: dict[str, Any] = {}
    for name, type_ in TYPES.items():
        values[name], source = given(name, content, environment)
        if type(values[name]) is type_:
            found += [f"{source} {fault}" for fault in faults(name, values[name])]
        elif values.pop(name) is None:
            found.append(f"{source} is missing - get it again: git checkout {FILE}")
        else:
            found.append(f"{source} is {given(name, content, environment)[0]!r} instead of {KINDS[type_]}")
    if len(values) < len(TYPES):
        return None, found
    settings = TaskSettings(**values)
    return settings, [*found, *syslog.faults(settings.syslog_host, settings.syslog_ca)]


def given(name: str, content: Mapping[str, Any], environment: Mapping[str, str]) -> tuple[Any, str]:
    """The value of a setting, and where it is from; a variable goes before the file."""
    variable = f"{PREFIX}{name.upper()}"
    if variable in environment:
        return from_text(environment[variable], TYPES[name]), variable
    return content.get(name), f"{name} in {FILE}"


def from_text(text: str, type_: type) -> Any:
    """The value of a variable as its type; the text itself where it is not of that type."""
    if type_ is bool:
        return WORDS.get(text.lower(), bool(text) and text)
    try:
        return type_(text)
    except ValueError:
        return text


def faults(name: str, value: Any) -> Iterator[str]:
    """The fault of a value that has the right type; empty if it has none."""
    if name in ("name", "images") and value and (not NAME.fullmatch(value) or len(value) > LONGEST_NAME):
        yield f"is {value!r} - use {NAMING.replace('63', str(LONGEST_NAME))}"
    if name == "port_offset" and not 0 <= value <= HIGHEST_OFFSET:
        yield f"is {value} - use a number from 0 to {HIGHEST_OFFSET}"
    if name == "up_seconds" and not 1 <= value <= HIGHEST_SECONDS:
        yield f"is {value} - use a number from 1 to {HIGHEST_SECONDS}"
    if name in ("base", "grafana") and (not value or set(value) & set(" \t\n")):
        yield f"is {value!r} - name an image, as invoke.yaml does: git checkout {FILE}"
    if name == "base_from" and value not in BASE_SOURCES:
        yield f"is {value!r} - choose one of: {', '.join(BASE_SOURCES)}"
    if name == "node" and not value.isprintable():
        yield f"is {value!r} - use one line of text"


def unknown_keys(content: Mapping[str, Any]) -> Iterator[str]:
    """The faults of keys that are not settings of the tasks: they are Invoke's own, or mistyped."""
    own = Config.global_defaults()
    for key, value in content.items():
        if key in TYPES:
            continue
        if key not in own:
            yield f"{key} in {FILE} is unknown{nearest(str(key), [*TYPES, *own], 'remove it')}"
        elif not isinstance(value, dict):
            yield f"{key} in {FILE} is {value!r} instead of a mapping"
        else:
            yield from of_invoke(key, value, own[key])
    tasks = content.get("tasks")
    if not isinstance(tasks, dict) or tasks.get("executor_class") != EXECUTOR:
        yield f"tasks.executor_class in {FILE} is not {EXECUTOR} - get it again: git checkout {FILE}"


def of_invoke(section: str, given: Mapping[str, Any], defaults: Mapping[str, Any]) -> Iterator[str]:
    """The faults in a section that Invoke reads."""
    for key, value in given.items():
        if key not in defaults:
            yield f"{section}.{key} in {FILE} is unknown{nearest(str(key), defaults, 'remove it')}"
        elif isinstance(defaults[key], (bool, str, dict)) and type(value) is not type(defaults[key]):
            yield f"{section}.{key} in {FILE} is {value!r} instead of {KINDS.get(type(defaults[key]), 'a mapping')}"


def unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """The faults of INVOKE_* variables that are not settings of the tasks: they are Invoke's own, or mistyped."""
    defaults = {
        f"{PREFIX}{section}_{key}".upper(): value
        for section, keys in Config.global_defaults().items()
        for key, value in keys.items()
    }
    known = [f"{PREFIX}{field.name.upper()}" for field in fields(TaskSettings)]
    if RUNTIME_FILE in environment and not is_yaml(environment[RUNTIME_FILE]):
        yield f"{RUNTIME_FILE} is {environment[RUNTIME_FILE]!r} - name a file of YAML that is there"
    for variable, text in environment.items():
        if not variable.startswith(PREFIX) or variable in {*known, *INVOKES_OWN}:
            continue
        if variable not in defaults:
            every = [*known, *defaults, *INVOKES_OWN]
            yield f"{variable} is unknown{nearest(variable, every, f'the settings are in {FILE}')}"
        elif isinstance(defaults[variable], (list, dict, type)):
            yield f"{variable} cannot be set by a variable - write it into {FILE}"
        elif isinstance(defaults[variable], bool) and text not in ("0", "1", ""):
            yield f"{variable} is {text!r} - Invoke takes 0 or 1"
        elif variable == "INVOKE_TIMEOUTS_COMMAND" and not text.isdecimal():
            yield f"{variable} is {text!r} instead of {KINDS[int]}"


def is_yaml(path: str) -> bool:
    return Path(path).suffix in (".yaml", ".yml") and Path(path).is_file()
