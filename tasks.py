"""The menu: every task that a person can run. What they lean on is in tasklib/."""

import os
import shlex
from pathlib import Path

from invoke import Context, task

from tasklib import access, lifecycle, project, testing
from tasklib import bench as figures
from tasklib import build as images
from tasklib import clean as cleaning
from tasklib import doctor as machine
from tasklib import lock as locking
from tasklib import status as page
from tasklib import wheels as vendor
from tasklib.menu import NamedTask

# Tasks work from any folder, and the commands that they show can be pasted as they are.
os.chdir(Path(__file__).parent)


@task(help={"fix": "repair what this user may repair"})
def doctor(c: Context, fix: bool = False) -> None:
    """Show what this machine lacks, and how to repair it."""
    facts = machine.examine()
    if fix:
        # What is fine already needs no reading on the way to `up`.
        facts = [fact for fact in machine.repair(facts) if not fact.ok]
    machine.show(facts)
    machine.require(c)


@task
def wheels(c: Context) -> None:
    """Vendor every locked package, so that builds need no index."""
    machine.require(c)
    images.build(c, project.this(c), ["base", "wheels"])
    vendor.vendor(c, project.this(c))


@task(
    klass=NamedTask,
    help={
        "name": "one image, instead of all",
        "cache": "use what earlier builds left",
        "tests": "the images of the tests as well",
    },
)
def build(c: Context, name: str | None = None, cache: bool = True, tests: bool = True) -> None:
    """Build the images, and make the secrets that the pod needs."""
    machine.require(c)
    images.build(c, project.this(c), [name] if name else images.every(tests), cache)


@task
def up(c: Context) -> None:
    """Start the pod, unless it runs, and wait until it is healthy."""
    machine.require(c)
    lifecycle.up(c, project.this(c))
    page.show(c, project.this(c))


@task
def down(c: Context) -> None:
    """Stop the pod in order and remove it; keep the data."""
    lifecycle.down(c, project.this(c))


@task(klass=NamedTask, help={"name": "one container, instead of the pod"})
def restart(c: Context, name: str | None = None) -> None:
    """Stop and start the pod, or one container of it."""
    lifecycle.restart(c, project.this(c), name)
    page.show(c, project.this(c))


@task
def fresh(c: Context) -> None:
    """Start again with the database's first state; deletes its data."""
    lifecycle.fresh(c, project.this(c))
    page.show(c, project.this(c))


@task
def status(c: Context) -> None:
    """Show each part of the pod, its state and where it answers."""
    page.show(c, project.this(c))


@task(
    klass=NamedTask,
    help={
        "name": "one service, instead of all",
        "follow": "go on with new lines until Ctrl-C",
        "request-id": "only the lines of this request",
        "lines": "how many of the last lines",
    },
)
def logs(c: Context, name: str | None = None, follow: bool = False, request_id: str = "", lines: int = 100) -> None:
    """Show the lines of the pod, oldest first."""
    access.logs(c, project.this(c), name, follow, request_id, lines)


@task(klass=NamedTask, help={"name": "one container, instead of the server"})
def shell(c: Context, name: str | None = None) -> None:
    """Open Django's shell, or psql or Python in another container."""
    access.shell(c, project.this(c), name or "server")


@task(help={"args": "the command of manage.py and its options, as one word"})
def manage(c: Context, args: str = "help") -> None:
    """Run manage.py beside the pod, as the owner of the tables."""
    access.manage(c, project.this(c), shlex.split(args))


@task(help={"args": "words for pytest, as one word: --args '-k name --lf'"})
def test(c: Context, args: str = "") -> None:
    """Run the unit tests beside a database of their own."""
    testing.require(testing.unit(c, project.this(c), shlex.split(args)))


@task(help={"args": "words for pytest, as one word"})
def system_test(c: Context, args: str = "") -> None:
    """Ask a new pod, or SYSTEM_TEST_HOSTPORT, from outside."""
    testing.require(testing.system(c, project.this(c), shlex.split(args)))


@task(help={"cases": "how many of each operation are tried in each phase"})
def fuzz(c: Context, cases: int = 1000) -> None:
    """Ask a new pod, or SYSTEM_TEST_HOSTPORT, what no person would."""
    testing.require(testing.fuzz(c, project.this(c), cases))


@task
def lint(c: Context) -> None:
    """Check style, types and recipes."""
    testing.require(testing.lint(c, project.this(c)))


@task
def ci(c: Context) -> None:
    """Build all images and run every test of the project."""
    images.build(c, project.this(c), images.every())
    testing.everything(c, project.this(c))


@task(help={"part": "`start` (start, rebuild, size, memory) or `load` (requests), instead of both"})
def bench(c: Context, part: str = "") -> None:
    """Measure how the pod starts and what it answers, beside the limits."""
    figures.run(c, project.this(c), part)


@task
def lock(c: Context) -> None:
    """Lock the packages of pyproject.toml with their hashes."""
    locking.lock(c)


@task
def schema(c: Context) -> None:
    """Write the description of the API anew from its views."""
    testing.describe(c, project.this(c))


@task(help={"data": "delete the data and secrets as well"})
def clean(c: Context, data: bool = False) -> None:
    """Remove the pod, images, wheels and build files; keep the data."""
    cleaning.clean(c, project.this(c), data)
