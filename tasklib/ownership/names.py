"""Which names an application may have."""

import builtins
import json
import keyword
import re
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

from invoke import Exit

from tasklib.core import shell
from tasklib.core.project import Project
from tasklib.testing.containers import in_test_image

MOST_CHARACTERS = 40  # a table's name has the application's twice, and PostgreSQL cuts it after 63
TAKEN = ["python3", "tasklib/ownership/taken.py"]


def require(project: Project, name: str) -> None:
    """Raise Exit, a line for each reason, unless an application may have this name."""
    found = list(faults(name)) or taken(project, name)
    if found:
        raise Exit("\n".join(f"'{name}' cannot be the name of an application: {fault}" for fault in found))


def faults(name: str) -> Iterator[str]:
    """The faults of a name by itself."""
    if not re.fullmatch("[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        yield f"it has other characters than a-z, 0-9 and single _ between them - {advice(name)}"
    if len(name) > MOST_CHARACTERS:
        yield f"it has {len(name)} characters - choose one of at most {MOST_CHARACTERS}"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        yield "it is a word of Python's grammar - choose another one"
    elif hasattr(builtins, name):
        yield "it is the name of a builtin of Python - choose another one"
    elif name in sys.stdlib_module_names:
        yield "it is a module of Python's standard library - choose another one"


def advice(name: str) -> str:
    """Advice on a valid name that is close to one with invalid characters."""
    words = re.findall("[a-z0-9]+", re.sub("(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
    proposed = re.sub("^[0-9]+_*", "", "_".join(words))
    return f"perhaps: inv new-app {proposed}" if proposed and name.isascii() else "choose another one"


def taken(project: Project, name: str) -> list[str]:
    """By what a name is taken already: modules, applications and paths of the project, and installed packages."""
    words = in_test_image(project, [*TAKEN, name, *roots()])
    answer: list[str] = json.loads(shell.output(words))
    return answer


def roots() -> list[str]:
    """The folders whose modules share one namespace: those of the unit tests, and the top of the project."""
    settings = ConfigParser()
    settings.read("services/pytest.ini")
    return [".", *(str(Path("services") / folder) for folder in settings["pytest"]["pythonpath"].split())]


def class_name(name: str) -> str:
    """The model's class for an application: order_item gives OrderItem."""
    return "".join(word.capitalize() for word in name.split("_"))
