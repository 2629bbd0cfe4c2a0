"""The menu: every task that a person can run. What they lean on is in tasklib/."""

import os
import sys
from pathlib import Path

from invoke import Collection, Context

from bench import tasks as bench
from tasklib.core import project, settings
from tasklib.core.menu import NamedTask, require_at_least, split, task
from tasklib.core.services import GRAPH, IMAGES, every_image, require_known
from tasklib.database import archive as archiving
from tasklib.database import backup as backups
from tasklib.database import restore as restoring
from tasklib.database import upgrade as upgrading
from tasklib.images import build as images
from tasklib.images import lock as locking
from tasklib.images import wheels as vendor
from tasklib.machine import doctor as machine
from tasklib.pod import attach, lifecycle, secrets
from tasklib.pod import clean as cleaning
from tasklib.pod import manage as managing
from tasklib.pod.legacy_import import legacy_import
from tasklib.status import page
from tasklib.testing import generated, suites

# Tasks work from any folder, and the commands that they show can be pasted as they are.
os.chdir(Path(__file__).parent)
# Before Invoke reads them: it takes `false` for true, and ends with a traceback for a wrong number.
settings.read()


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
    this = project.this()
    machine.require(c)
    images.build(c, this, ["base", "wheels"])
    vendor.vendor(c, this)


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
    this, names = project.this(), [name] if name else every_image(tests)
    if name:
        require_known("image", name, IMAGES)
    machine.require(c)
    images.build(c, this, names, cache)
    secrets.ensure(c, this)


@task(help={"graph": "with Grafana on 127.0.0.1, whose image a registry has"})
def up(c: Context, graph: bool = False) -> None:
    """Start the pod, unless it runs, and wait until it is healthy."""
    this = project.this()
    machine.require(c)
    if graph:
        this = this.with_graph()
        images.build(c, this, [GRAPH])
    lifecycle.up(c, this)
    page.show(c, this)


@task
def down(c: Context) -> None:
    """Stop the pod in order and remove it; keep the data."""
    lifecycle.down(c, project.this())


@task(klass=NamedTask, help={"name": "one container, instead of the pod"})
def restart(c: Context, name: str | None = None) -> None:
    """Stop and start the pod, or one container of it."""
    lifecycle.restart(c, project.this(), name)
    page.show(c, project.this())


@task
def fresh(c: Context) -> None:
    """Start again with the database's first state; deletes its data."""
    lifecycle.fresh(c, project.this())
    page.show(c, project.this())


@task(
    help={
        "to": "the folder of the backups",
        "keep": "remove all whole backups of this pod but so many",
        "check": "instead, try the restore of this file beside the pod",
    }
)
def backup(c: Context, to: str = "backups", keep: int = 0, check: str = "") -> None:
    """Write one snapshot of the running database into a file."""
    if check:
        restoring.check(c, project.this(), Path(check))
    else:
        backups.backup(c, project.this(), Path(to), keep)


@task(help={"file": "a backup", "replace": "keep the present data under another name"}, positional=["file"])
def restore(c: Context, file: str, replace: bool = False) -> None:
    """Start the pod with the database of a backup."""
    restoring.restore(c, project.this(), Path(file), replace)
    page.show(c, project.this())


@task(help={"keep": "how many base backups stay, with the changes since the oldest"})
def archive(c: Context, keep: int = 2) -> None:
    """Take a base backup, from which later moments come back sooner."""
    archiving.base(c, project.this(), keep)


@task(
    help={"moment": "a time, or `latest`", "replace": "keep the present data under another name"}, positional=["moment"]
)
def recover(c: Context, moment: str, replace: bool = False) -> None:
    """Start the pod with the database of a moment, from the archive."""
    archiving.recover(c, project.this(), moment, replace)
    page.show(c, project.this())


@task
def db_upgrade(c: Context) -> None:
    """Carry data of another PostgreSQL major over to the image's."""
    upgrading.upgrade(c, project.this())
    page.show(c, project.this())


@task(help={"watch": "again and again until Ctrl-C"})
def status(c: Context, watch: bool = False) -> None:
    """Show each part of the pod, how the service does, and what is wrong."""
    page.page(c, project.this(), watch)


@task(
    klass=NamedTask,
    help={
        "name": "one service, instead of all",
        "follow": "go on with new lines until Ctrl-C",
        "request-id": "only the lines of this request",
        "level": "only this level and above: DEBUG, INFO, WARNING, ERROR, CRITICAL",
        "since": "only the last 10m, 2h, 1d, or from a UTC time on: 2026-11-22T08:44",
        "grep": "only messages in which this regular expression is found; (?i) before it: in any case",
        "json": "the lines as they are stored, as into a pipe",
        "lines": "how many of the last lines",
    },
)
def logs(
    c: Context, name: str | None = None, follow: bool = False, request_id: str = "", level: str = "",
    since: str = "", grep: str = "", json: bool = False, lines: int = 100,
) -> None:  # fmt: skip
    """Show the lines of the pod, oldest first."""
    require_at_least(0, "--lines", lines)
    asked = {"service": name or "", "request-id": request_id, "level": level, "since": since, "grep": grep}
    attach.logs(c, project.this(), {**asked, "lines": str(lines)}, follow, json)


@task(klass=NamedTask, help={"name": "one container, instead of the server"})
def shell(c: Context, name: str | None = None) -> None:
    """Open Django's shell, or psql or Python in another container."""
    attach.open_tool(c, project.this(), name or "server")


@task(help={"args": "the command of manage.py and its options, as one word"})
def manage(c: Context, args: str = "help") -> None:
    """Run manage.py beside the pod, as the owner of the tables."""
    managing.manage(c, project.this(), split(args))


@task(help={"args": "words for pytest, as one word: --args '-k name --lf'"})
def test(c: Context, args: str = "") -> None:
    """Run the unit tests beside a database of their own."""
    suites.require(suites.unit(c, project.this(), split(args)))


@task(help={"args": "words for pytest, as one word"})
def system_test(c: Context, args: str = "") -> None:
    """Ask a new pod, or SYSTEM_TEST_HOSTPORT, from outside."""
    suites.require(suites.system(c, project.this(), split(args)))


@task(help={"cases": "how many of each operation are tried in each phase"})
def fuzz(c: Context, cases: int = 2000) -> None:
    """Ask a new pod, or SYSTEM_TEST_HOSTPORT, what no person would."""
    require_at_least(1, "--cases", cases)
    suites.require(suites.fuzz(c, project.this(), cases))


@task
def lint(c: Context) -> None:
    """Check style, types and recipes."""
    suites.require(suites.lint(c, project.this()))


@task
def ci(c: Context) -> None:
    """Build all images and run every test of the project."""
    images.build(c, project.this(), every_image())
    suites.everything(c, project.this())


@task
def lock(c: Context) -> None:
    """Lock the packages of pyproject.toml with their hashes."""
    locking.lock(c)


@task
def schema(c: Context) -> None:
    """Regenerate the OpenAPI description."""
    generated.describe(c, project.this())


@task(help={"data": "delete the data and secrets as well"})
def clean(c: Context, data: bool = False) -> None:
    """Remove the pod, images, wheels and build files; keep the data."""
    cleaning.clean(c, project.this(), data)


ns = Collection.from_module(sys.modules[__name__])
ns.add_task(legacy_import)
ns.add_collection(bench.ns)
NamedTask.menu = ns
