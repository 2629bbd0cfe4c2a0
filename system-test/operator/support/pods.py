"""Pods of the tests' own: how they are named, started and removed. The images are those of this checkout."""

import contextlib
import itertools
import os
from pathlib import Path

import yaml

from support.checkout import Checkout
from support.commands import podman
from support.copies import Copy
from tasklib.database import inventory

ROOT = Path(__file__).resolve().parents[3]
KNOBS = yaml.safe_load((ROOT / "invoke.yaml").read_text())
POD = yaml.safe_load((ROOT / "pod.yaml").read_text())
NAME = os.environ.get("INVOKE_NAME") or KNOBS["name"] or POD["metadata"]["name"]
IMAGES = os.environ.get("INVOKE_IMAGES") or KNOBS["images"] or NAME
numbers = itertools.count(1)
started: list[Checkout] = []  # those whose lines are worth reading when a test fails


def own_name() -> str:
    """A name that no other run, and no other test of this one, has."""
    return f"{NAME}-op{os.getpid()}x{next(numbers)}"


@contextlib.contextmanager
def removed(checkout: Checkout):
    """Lend a checkout, and remove what it made, whatever happens."""
    started.append(checkout)
    try:
        yield checkout
    finally:
        started.remove(checkout)
        checkout.remove()


def start(checkout: Checkout, **environment: str) -> None:
    """Type `inv up`, which succeeds."""
    result = checkout.inv("up", environment=environment)
    assert result.code == 0, result.output


@contextlib.contextmanager
def started_pod(kind: type[Checkout] = Checkout):
    """Lend a pod of its own, which runs."""
    with removed(kind(ROOT, own_name(), IMAGES)) as pod:
        start(pod)
        yield pod


@contextlib.contextmanager
def started_copy(folder: Path, **settings: str):
    """Lend a pod of a copy of the tree, whose invoke.yaml has other settings; it runs."""
    name = own_name()
    with removed(Copy(folder, name, name)) as copy:
        copy.fill(ROOT, IMAGES)
        for key, value in settings.items():
            copy.replace("invoke.yaml", f"\n{key}: ", f"\n{key}: {value} # ")
        start(copy)
        yield copy


def rows(pod: Checkout) -> list[str]:
    """Every row of every table, as text."""
    sql = (
        "SELECT format('SELECT %L, t.* FROM %I AS t ORDER BY 2', relname, relname) FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname \\gexec\n"
    )
    answer = podman(*inventory.psql(f"{pod.name}-db", "postgres")[1:], input=sql)
    assert answer.code == 0, answer.output
    return sorted(answer.output.splitlines())
