"""The menu: the tasks of a day, and the collections of rarer subjects."""

import os
import sys
from pathlib import Path

from invoke import Collection, Context

import bench.tasks
import tasklib.database.tasks
from tasklib.core import project, server_variables, settings
from tasklib.core.menu import NamedTask, require_at_least, split, task
from tasklib.core.services import GRAPH, IMAGES, every_image, require_known
from tasklib.images import build, lock, patch, wheels
from tasklib.machine import doctor
from tasklib.ownership import new_app, remove_sample
from tasklib.pod import attach, clean, lifecycle, manage, secrets
from tasklib.pod.legacy_import import legacy_import
from tasklib.status import page
from tasklib.testing import generated, sbom, suites

# Tasks work from any folder, and the commands that they show can be pasted as they are.
os.chdir(Path(__file__).parent)
# Before Invoke reads them: it takes `false` for true, and ends with a traceback for a wrong number.
settings.read()

YES = "delete without asking"
PYTEST = "options for pytest, in one pair of quotes: --args '-k name --lf'"


@task(name="help", default=True)
def help_(_: Context) -> None:
    """Show this list; `inv --help TASK` shows the options of a task."""
    os.execv(sys.executable, [sys.executable, "-m", "invoke", "--list"])  # noqa: S606


@task(name="doctor", help={"fix": "make the repairs that this user may make"})
def doctor_(c: Context, fix: bool = False) -> None:
    """Check this machine, and show how to repair it."""
    findings = doctor.examine()
    if fix:
        # What is fine already needs no reading on the way to `up`.
        findings = [finding for finding in doctor.repair(findings) if not finding.ok]
    doctor.show(findings)
    doctor.require(c)


@task(name="wheels")
def wheels_(c: Context) -> None:
    """Download every locked package, so that builds need no package index."""
    this = project.this()
    doctor.require(c)
    build.build(c, this, ["base", "wheels"])
    wheels.vendor(c, this)


@task(
    name="build",
    klass=NamedTask,
    help={
        "name": "build only this image",
        "cache": "reuse the layers of earlier builds",
        "tests": "build the images of the tests too",
    },
)
def build_(c: Context, name: str | None = None, cache: bool = True, tests: bool = True) -> None:
    """Build the images, and create the secrets that the pod needs."""
    this, names = project.this(), [name] if name else every_image(tests)
    if name:
        require_known("image", name, IMAGES)
    doctor.require(c)
    build.build(c, this, names, cache)
    secrets.ensure(c, this)


@task(help={"graph": "add Grafana on 127.0.0.1; its image comes from a registry"})
def up(c: Context, graph: bool = False) -> None:
    """Start the pod, unless it is running, and wait until it is healthy."""
    this = project.this()
    doctor.require(c, builds=graph)
    if graph:
        this = this.with_graph()
        build.build(c, this, [GRAPH])
    server_variables.ensure(c, this.name)
    page.show(c, this, lifecycle.up(c, this))


@task
def down(c: Context) -> None:
    """Stop and remove the pod; keep the data."""
    lifecycle.down(c, project.this())


@task(klass=NamedTask, help={"name": "restart only this container"})
def restart(c: Context, name: str | None = None) -> None:
    """Restart the pod, or one of its containers."""
    this = project.this()
    page.show(c, this, lifecycle.restart(c, this, name))


@task(help={"yes": YES})
def fresh(c: Context, yes: bool = False) -> None:
    """Reset the database to its fixtures; deletes all other data."""
    this = project.this()
    page.show(c, this, lifecycle.fresh(c, this, yes))


@task(help={"watch": "refresh the page until Ctrl-C"})
def status(c: Context, watch: bool = False) -> None:
    """Show each container, key figures and firing alerts."""
    page.page(c, project.this(), watch)


@task(
    klass=NamedTask,
    help={
        "name": "show only the lines of this service",
        "follow": "show new lines as well, until Ctrl-C",
        "request-id": "show only the lines of this request",
        "level": "show only this level and above: DEBUG, INFO, WARNING, ERROR, CRITICAL",
        "since": "show only the last 10m, 2h or 1d, or the lines since a time in UTC: 2026-11-22T08:44",
        "grep": "show only messages that match this regular expression; (?i) in front ignores case",
        "json": "show the lines as JSON, as they are stored",
        "lines": "show at most N lines, the newest",
    },
)
def logs(
    c: Context, name: str | None = None, follow: bool = False, request_id: str = "", level: str = "",
    since: str = "", grep: str = "", json: bool = False, lines: int = 100,
) -> None:  # fmt: skip
    """Show the log lines of the pod, oldest first."""
    require_at_least(0, "--lines", lines)
    filters = {"service": name or "", "request-id": request_id, "level": level, "since": since, "grep": grep}
    attach.logs(c, project.this(), {**filters, "lines": str(lines)}, follow, json)


@task(klass=NamedTask, help={"name": "open the tool of this container instead of the server's"})
def shell(c: Context, name: str | None = None) -> None:
    """Open Django's shell, or the tool of another container: psql, Python."""
    attach.open_tool(c, project.this(), name or "server")


@task(name="manage", help={"args": "the command and its options, in one pair of quotes"})
def manage_(c: Context, args: str = "help") -> None:
    """Run a manage.py command with the rights of a migration."""
    manage.manage(c, project.this(), split(args))


@task(help={"args": PYTEST})
def test(c: Context, args: str = "") -> None:
    """Run the unit tests against a database of their own."""
    suites.finish(suites.unit(c, project.this(), split(args)))


@task(help={"args": PYTEST})
def system_test(c: Context, args: str = "") -> None:
    """Test a fresh pod over HTTP, or the server that SYSTEM_TEST_HOSTPORT names."""
    suites.finish(suites.system(c, project.this(), split(args)))


@task(help={"cases": "the number of test cases for each operation and phase"})
def fuzz(c: Context, cases: int = 2000) -> None:
    """Fuzz the API of a fresh pod with Schemathesis."""
    require_at_least(1, "--cases", cases)
    suites.finish(suites.fuzz(c, project.this(), cases))


@task
def lint(c: Context) -> None:
    """Check style, types, Containerfiles and generated files."""
    suites.finish(suites.lint(c, project.this()))


@task
def ci(c: Context) -> None:
    """Build all images and run every test suite."""
    this = project.this()
    build.build(c, this, every_image())
    suites.everything(c, this)


@task(name="patch")
def patch_(c: Context) -> None:
    """Build all images anew with Debian's newest packages."""
    doctor.require(c)
    patch.patch(c, project.this())


@task(name="sbom")
def sbom_(c: Context) -> None:
    """Write a software bill of materials for each image."""
    sbom.write_all(c, project.this())


@task(name="lock")
def lock_(c: Context) -> None:
    """Lock the packages of pyproject.toml with their hashes."""
    lock.lock(c)


@task
def schema(c: Context) -> None:
    """Regenerate the OpenAPI description."""
    generated.describe(c, project.this())


@task(name="new-app", help={"name": "of the application and of its path: a-z, 0-9 and single _ between them"})
def new_app_(c: Context, name: str) -> None:
    """Add an application with a model, an API, an admin page and tests."""
    new_app.new_app(c, project.this(), name)


@task(name="remove-sample", help={"yes": "remove it even if git cannot bring it back"})
def remove_sample_(c: Context, yes: bool = False) -> None:
    """Remove the sample application, its tests and what the docs say of it."""
    remove_sample.remove_sample(c, project.this(), yes)


@task(name="clean", help={"data": "delete the data and the secrets too", "yes": YES})
def clean_(c: Context, data: bool = False, yes: bool = False) -> None:
    """Remove the pod, images, wheels and build files; keep the data."""
    clean.clean(c, project.this(), data, yes)


ns = Collection.from_module(sys.modules[__name__])
ns.add_task(legacy_import)
ns.add_collection(tasklib.database.tasks.ns)
ns.add_collection(bench.tasks.ns)
NamedTask.menu = ns
