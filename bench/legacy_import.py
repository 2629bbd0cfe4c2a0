"""Compare the import of an older application's rows with other ways of writing as many."""

import json
from pathlib import Path

from invoke import Context, task
from rich.console import Console
from rich.status import Status

from bench import figures, processes, sandbox
from bench.figures import Figure
from bench.sandbox import BENCH, Sandbox
from tasklib.core import podman, project, shell
from tasklib.pod import legacy_database, manage

ROUNDS, ROWS, MANY = 3, 250_000, 5_000_000
SQL = Path("bench/programs/legacy.sql")
DATABASE = "postgres://readonly:legacy@127.0.0.1/legacy"  # of a pod that is thrown away
# The unchanged table comes first, since the other one refers to it.
WAYS = ["ready_publishers", "stream", "import", "ready", "select", "bulk_create", "save"]
console = Console(highlight=False, width=120)


@task
def legacy(c: Context) -> None:
    """Compare the import of an older database with other ways."""
    sandbox.measure(c, project.this(), measure_legacy)


def all_figures() -> dict[str, Figure]:
    """Every figure, in the order of the table."""
    return {
        "save": Figure("characters, save() of each (2,000 measured)", "s"),
        "bulk_create": Figure("characters, bulk_create", "s"),
        "import": Figure("characters, this import with its verification", "s", 2.5),
        "ready": Figure("characters, COPY of prepared text", "s"),
        "select": Figure("characters, INSERT ... SELECT", "s"),
        "changed": Figure("this import, relative to the faster of these two", "x", 2),
        "stream": Figure("publishers, unchanged, by this import", "s"),
        "ready_publishers": Figure("publishers, COPY of prepared text", "s"),
        "unchanged": Figure("this import, relative to that", "x", 1.2),
        "memory": Figure("memory of the import, 250,000 rows", "MB"),
        "memory_many": Figure("memory of the import, 5,000,000 rows", "MB"),
    }


def measure_legacy(sandbox: Sandbox, status: Status) -> None:
    """Measure every way in rounds, then the memory of many rows, and print the table. Raises Exit."""
    status.update("bench: building the pod")
    sandbox.start()
    measured, foreign = all_figures(), 0.0
    prepare(sandbox, ROWS)
    for number in range(1, ROUNDS + 1):
        reports = {}
        for way in WAYS:
            status.update(f"bench: round {number} of {ROUNDS}: {way}")
            foreign = max(foreign, processes.wait_for_quiet())
            reports[way] = run(sandbox, way)
        for key, point in points(reports).items():
            measured[key].points.append(point)
    status.update("bench: five million rows")
    prepare(sandbox, MANY)
    run(sandbox, "stream")
    measured["memory_many"].points.append(run(sandbox, "import")["memory"])
    console.print(figures.table(measured.values()))
    figures.warn_of_noise(console, foreign, "the times are too long")


def points(reports: dict[str, dict[str, float]]) -> dict[str, float]:
    """The values of one round, all scaled to the same number of rows."""
    seconds = {way: report["seconds"] * ROWS / report["rows"] for way, report in reports.items()}
    # The stream is compared without its verification, which reads both tables.
    seconds["stream"] = reports["stream"]["import"]
    return seconds | {
        "changed": seconds["import"] / min(seconds["ready"], seconds["select"]),
        "unchanged": seconds["stream"] / seconds["ready_publishers"],
        "memory": reports["import"]["memory"],
    }


def prepare(sandbox: Sandbox, rows: int) -> None:
    """Create the older database and the new tables."""
    psql = ["psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--set=rows={rows}", "--dbname=postgres"]
    shell.output(podman.execute(sandbox.project.container("db"), *psql), SQL.read_text())
    migrate = ["manage.py", "migrate", "--verbosity=0"]
    shell.output(podman.run(sandbox.project.image("server"), *migrate, options=options(sandbox)))


def options(sandbox: Sandbox) -> shell.Words:
    return [*manage.manage_options(sandbox.project), "--env", f"{legacy_database.URL}={DATABASE}"]


def run(sandbox: Sandbox, way: str) -> dict[str, float]:
    """Write the rows in one way; return the report of the program that does."""
    shell.output(podman.execute(sandbox.project.container("db"), "psql", "--quiet", "--command=CHECKPOINT"))
    program = ["-m", "bench.programs.legacy_import", way]
    printed = shell.output(podman.run(sandbox.project.image(BENCH.name), *program, options=options(sandbox)))
    report: dict[str, float] = json.loads(printed)
    return report
