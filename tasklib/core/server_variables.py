"""The variables DJANGO_* and POSTGRES_* that the containers read; a mistyped one would be ignored in silence."""

import difflib
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from tasklib.core.services import nearest

SETTINGS = Path("services/server/src/config/settings.py")
ARCHIVE = "POSTGRES_ARCHIVE"  # of db: services/db/archive.py
PREFIXES = ("DJANGO_", "POSTGRES_")
DJANGOS_OWN = "DJANGO_SETTINGS_MODULE"
NEAR = 0.9  # of 1, as difflib measures likeness: one letter of ten is another
EXAMPLE = "INVOKE_SERVER_ENV='DJANGO_ADMIN=true NAME=\"a value\"' inv up"


@cache
def known() -> frozenset[str]:
    """The variables that settings.py reads, each with the twin that names a file instead."""
    names = re.findall(r"\benv\.\w+\(\s*\"(\w+)\"", SETTINGS.read_text())
    return frozenset({DJANGOS_OWN, ARCHIVE, *names, *(f"{name}_FILE" for name in names)})


def assignments(text: str) -> dict[str, str]:
    """The values by their names in `NAME=value NAME="a value"`. Raises ValueError."""
    pairs = [word.partition("=") for word in shlex.split(text)]
    for name, sign, value in pairs:
        if not (name.isidentifier() and sign):
            raise ValueError(f"'{name}{sign}{value}' is not NAME=value")
    return {name: value for name, _, value in pairs}


def faults(text: str) -> Iterator[str]:
    """The faults of the setting `server_env`."""
    try:
        names = assignments(text)
    except ValueError as error:
        yield f"cannot be read: {error} - write it like this: {EXAMPLE}"
    else:
        yield from unknown(names)


def unknown(names: Iterable[str]) -> Iterator[str]:
    """A fault for each name that looks like one of the server's variables, and that nothing reads."""
    for name in names:
        if name.startswith(PREFIXES) and name not in known():
            yield f"has {name}, which is unknown{nearest(name, known(), 'see docs/configuration.md')}"


def ignored(environment: Mapping[str, str]) -> Iterator[str]:
    """A warning for each variable of the caller that seems to be meant for the server, which it does not reach.

    Other names are left alone: shells and CI runners have variables of other programs, POSTGRES_PASSWORD for instance.
    """
    for name in environment:
        guess = difflib.get_close_matches(name, known(), 1, NEAR) if name.startswith(PREFIXES) else []
        if guess and name != DJANGOS_OWN and (name not in known() or name.startswith("DJANGO_")):
            yield f"{name} does not reach the server - pass it: INVOKE_SERVER_ENV='{guess[0]}=...'"
