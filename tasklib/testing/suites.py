"""Running the test suites, each in its container, and their summary."""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from invoke import Context, Exit, Result
from rich import box
from rich.table import Table

from tasklib.core import podman, shell
from tasklib.core.project import UNLIMITED, Project
from tasklib.images import store
from tasklib.pod import clean, lifecycle, manage
from tasklib.testing.containers import database, in_test_image
from tasklib.testing.generated import DESCRIBE

HOSTPORT = "SYSTEM_TEST_HOSTPORT"  # a running server to ask instead of a pod of our own
PORT_OFFSET = 1000  # of the pod that the system tests start
# Who writes; without these, a server that is asked is only read.
USER, PASSWORD = "SYSTEM_TEST_USER", "SYSTEM_TEST_PASSWORD"
ADMIN = "SYSTEM_TEST_ADMIN"  # set where this user may use the admin
NO_TESTS = 5  # pytest's exit code where the words select none
# Of all unit tests together; a part of them says nothing.
COVERAGE = ["--cov=server/src", "--cov-config=../pyproject.toml", "--cov-fail-under=95"]
# What `inv lint` runs, each in the test image.
LINTERS = [
    ["ruff", "check", "--no-cache", "."],
    ["ruff", "format", "--no-cache", "--check", "."],
    ["mypy", "."],
    ["shellcheck", ".ci/run"],
    [*DESCRIBE, "--check"],
]


@dataclass(frozen=True)
class Outcome:
    """The result of one suite."""

    suite: str
    passed: int
    failed: int


def lint(c: Context, project: Project) -> Outcome:
    """Run every linter over the tree, even after one has failed. Raises Exit."""
    store.require_images(project, ["test"])
    commands = [
        *LINTERS,
        ["hadolint", *found("Containerfile", "*/Containerfile", "containers/*/Containerfile")],
        ["kubernetes-validate", "--strict", *found("pod.yaml", "services/*/pod.yaml")],
    ]
    results = [shell.run(c, in_test_image(project, words, "--read-only"), warn=True) for words in commands]
    failed = sum(1 for result in results if result.failed)
    return Outcome("lint", len(results) - failed, failed)


def found(*patterns: str) -> shell.Words:
    """The files that match any of the patterns, of deletable parts as well."""
    return sorted(str(path) for pattern in patterns for path in Path().glob(pattern))


def tasks(c: Context) -> Outcome:
    """Run the tests of the tasks, which need no Podman."""
    return counted("tasks", shell.run(c, [sys.executable, "-m", "pytest", "-q"], warn=True))


def unit(c: Context, project: Project, words: shell.Words) -> Outcome:
    """Run the unit tests in the test image against a database of their own; `words` go to pytest.

    Raises Exit.
    """
    store.require_images(project, ["test", "db"])
    with database(c, project) as network:
        command = in_test_image(project, ["pytest", *words], "--workdir", "/repo/services", network=network)
        return counted("unit", shell.run(c, command, warn=True))


def system(c: Context, project: Project, words: shell.Words) -> Outcome:
    """Run the system tests against the server that SYSTEM_TEST_HOSTPORT names, or a fresh pod, removed at the end.

    Raises Exit.
    """
    store.require_images(project, ["system-test"])
    if hostport := os.environ.get(HOSTPORT):
        given = {name: os.environ[name] for name in (USER, PASSWORD, ADMIN) if name in os.environ}
        return run_system_tests(c, project, {HOSTPORT: hostport, **given}, [], words)
    copy = project.copy("test", PORT_OFFSET, UNLIMITED | {"DJANGO_ADMIN": "true"})
    clean.delete_pod(c, copy)  # what a run left that was killed
    try:
        lifecycle.up(c, copy)
        ports = copy.manifest.host_ports
        environment = {HOSTPORT: f"localhost:{ports['server']}", "SYSTEM_TEST_METRICS": f"localhost:{ports['metrics']}"}
        password = manage.create_user(c, copy, "system-test", "--admin")
        environment |= {USER: "system-test", PASSWORD: password, ADMIN: "true"}
        outcome = run_system_tests(
            c, project, environment, ["--volume", f"{copy.name}-log-data:/var/log/pod:ro"], words
        )
        if outcome.failed:
            for service in copy.manifest.services:
                shell.run(c, podman.logs(copy.container(service), 30), warn=True)
        return outcome
    finally:
        clean.delete_pod(c, copy)


def fuzz(c: Context, project: Project, cases: int) -> Outcome:
    """Run Schemathesis with this number of cases for each operation and phase, and show its report.

    Raises Exit.
    """
    return system(c, project, ["test_fuzz.py", f"--cases={cases}", "-rP"])


def run_system_tests(
    c: Context, project: Project, environment: dict[str, str], options: shell.Words, words: shell.Words
) -> Outcome:
    """Run the system tests in their image on the host's network, where the ports are published."""
    # Podman takes their values from its own environment, so that no password is shown.
    variables = [word for name in environment for word in ("--env", name)]
    options = ["--network", "host", *variables, *options]
    command = podman.run(project.image("system-test"), *words, options=options, restricted=True)
    return counted("system-test", shell.run(c, command, env=environment, warn=True))


def operator(c: Context) -> Outcome:
    """Run the operator tests, which type tasks as a person does, on pods of their own."""
    # Much of it waits for containers; who has no test left takes half of what another still has. Some tests take
    # minutes, so each is named when it begins and when it ends.
    options = ["--verbose", "--numprocesses=3", "--dist=worksteal"]
    words = [sys.executable, "-m", "pytest", *options, "system-test/operator"]
    return counted("operator", shell.run(c, words, warn=True))


def counted(suite: str, result: Result) -> Outcome:
    """The counts of pytest's last line; a run that ended without one has failed."""
    numbers = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", result.stdout[-2000:])}
    failed = numbers.get("failed", 0) + numbers.get("error", 0)
    broken = result.exited not in (0, NO_TESTS) and not failed
    return Outcome(suite, numbers.get("passed", 0), failed + broken)


def everything(c: Context, project: Project) -> None:
    """Run all suites, even after one has failed, and show the result of each. Raises Exit."""
    outcomes = [
        lint(c, project),
        tasks(c),
        unit(c, project, COVERAGE),
        system(c, project, []),
        operator(c),
    ]
    table = Table("suite", "passed", "failed", box=box.SIMPLE, pad_edge=False)
    for outcome in outcomes:
        table.add_row(outcome.suite, str(outcome.passed), shell.failures(outcome.failed))
    shell.console.print(table)
    finish(*outcomes)


def finish(*outcomes: Outcome) -> None:
    """Print the totals as the last line. Raises Exit if anything failed."""
    passed, failed = sum(outcome.passed for outcome in outcomes), sum(outcome.failed for outcome in outcomes)
    print(f"{passed} passed, {failed} failed")
    if failed:
        raise Exit(code=1)
