"""The variables DJANGO_* and POSTGRES_* that the containers read; a mistyped one would be ignored in silence."""

import difflib
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from invoke import Context, Exit

from tasklib.core import shell
from tasklib.core.services import nearest

FOLDER = Path("env")  # of the files with the variables of each pod; git ignores it

SETTINGS = Path("services/server/src/config/settings.py")
ARCHIVE = "POSTGRES_ARCHIVE"  # of db: services/db/archive.py
PREFIXES = ("DJANGO_", "POSTGRES_")
DJANGOS_OWN = "DJANGO_SETTINGS_MODULE"
NEAR = 0.9  # of 1, as difflib measures likeness: one letter of ten is another
TEMPLATE = """# Variables of the server in the pod {name}, one in a line: docs/configuration.md
# DJANGO_ADMIN=true
# DJANGO_ALLOWED_HOSTS="api.example.org,localhost"
"""


@cache
def known() -> frozenset[str]:
    """The variables that settings.py reads, each with the twin that names a file instead."""
    names = re.findall(r"\benv\.\w+\(\s*\"(\w+)\"", SETTINGS.read_text())
    return frozenset({DJANGOS_OWN, ARCHIVE, *names, *(f"{name}_FILE" for name in names)})


def file(name: str) -> Path:
    """The file with the variables of a pod."""
    return FOLDER / f"{name}.env"


def ensure(c: Context, name: str) -> None:
    """Make the file of a pod where there is none, and let nobody but its owner read it: a value may be a secret."""
    path = file(name)
    if c.config.run.dry:
        return
    if not path.exists():
        shell.write(path, TEMPLATE.format(name=name))
    elif path.stat().st_mode & ~shell.PRIVATE & 0o777:
        path.chmod(shell.PRIVATE)
        print(f"{path} was open to others; now only its owner reads it")


def text(variables: Mapping[str, str]) -> str:
    """The text of a file with these variables."""
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in variables.items())


def read(name: str) -> dict[str, str]:
    """The variables in the file of a pod; none without a file. Raises Exit with a line for each fault."""
    path = file(name)
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise Exit(f"{path} cannot be read: {reason} - mend it, then try again") from error
    values: dict[str, str] = {}
    faults = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            faults += [f"{path}, line {number} {fault}" for fault in add(values, line)]
    if faults:
        raise Exit("\n".join(faults))
    return values


def add(values: dict[str, str], line: str) -> Iterator[str]:
    """Add the variable of a line to those before it; yields what is wrong with it."""
    try:
        words = shlex.split(line)
    except ValueError:
        yield "has a quote that is left open - close it"
        return
    name, sign, value = words[0].partition("=")
    if len(words) > 1 or not sign or not name.isidentifier():
        yield "is not NAME=value - quote a value with blanks: NAME='a value'"
    elif name in values:
        yield f"sets {name} again - keep one of the lines"
    else:
        values[name] = value
        yield from unknown([name])


def unknown(names: Iterable[str]) -> Iterator[str]:
    """A fault for each name that looks like one of the server's variables, and that nothing reads."""
    for name in names:
        if name.startswith(PREFIXES) and name not in known():
            yield f"has {name}, which is unknown{nearest(name, known(), 'see docs/configuration.md')}"


def ignored(environment: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each variable of the caller that seems to be meant for the server, which it does not reach, with its right name.

    Other names are left alone: shells and CI runners have variables of other programs, POSTGRES_PASSWORD for instance.
    """
    for name in environment:
        guess = difflib.get_close_matches(name, known(), 1, NEAR) if name.startswith(PREFIXES) else []
        if guess and name != DJANGOS_OWN and (name not in known() or name.startswith("DJANGO_")):
            yield name, guess[0]
