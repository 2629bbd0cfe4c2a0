"""How fast an older application's rows are carried over, beside other ways: the benchmark's part `import`."""

import json
from pathlib import Path

from rich.console import Console
from rich.status import Status

from bench import figures, processes
from bench.figures import Figure
from bench.sandbox import Sandbox
from tasklib.core import podman, shell
from tasklib.core.project import BENCH
from tasklib.pod import legacy_database, manage

ROUNDS, ROWS, MANY = 3, 250_000, 5_000_000
SQL = Path("bench/programs/legacy.sql")
DATABASE = "postgres://readonly:legacy@127.0.0.1/legacy"  # of a pod that is thrown away
# The unchanged table comes first, since the other one refers to it.
WAYS = ["ready_publishers", "stream", "import", "ready", "select", "bulk_create", "save"]
console = Console(highlight=False, width=120)


def wanted() -> dict[str, Figure]:
    """Every figure, in the order of the table."""
    return {
        "save": Figure("characters, save() of each (2,000 measured)", "s"),
        "bulk_create": Figure("characters, bulk_create", "s"),
        "import": Figure("characters, this import with its verification", "s", 2.5),
        "ready": Figure("characters, COPY of ready text", "s"),
        "select": Figure("characters, INSERT ... SELECT", "s"),
        "changed": Figure("this import, as a part of the faster of these", "x", 2),
        "stream": Figure("publishers, unchanged, by this import", "s"),
        "ready_publishers": Figure("publishers, COPY of ready text", "s"),
        "unchanged": Figure("this import, as a part of that", "x", 1.2),
        "memory": Figure("memory of the import, 250,000 rows", "MB"),
        "memory_many": Figure("memory of the import, 5,000,000 rows", "MB"),
    }


def measure(sandbox: Sandbox, status: Status) -> None:
    """Measure every way in rounds, and the memory of many rows, and print the table. Raises Exit."""
    status.update("bench: building")
    sandbox.start()
    found, noise = wanted(), 0.0
    prepare(sandbox, ROWS)
    for number in range(1, ROUNDS + 1):
        took = {}
        for way in WAYS:
            status.update(f"bench: round {number} of {ROUNDS}: {way}")
            noise = max(noise, processes.wait_for_quiet())
            took[way] = run(sandbox, way)
        for key, point in points(took).items():
            found[key].points.append(point)
    status.update("bench: five million rows")
    prepare(sandbox, MANY)
    run(sandbox, "stream")
    found["memory_many"].points.append(run(sandbox, "import")["memory"])
    console.print(figures.table(found.values()))
    if noise > processes.QUIET:
        console.print(f"Other programs used up to {noise:.0%} of the processors, so the times are too long.")


def points(took: dict[str, dict[str, float]]) -> dict[str, float]:
    """The points of one round, all for as many rows."""
    seconds = {way: one["seconds"] * ROWS / one["rows"] for way, one in took.items()}
    # What is compared as a whole is verified; a stream is compared by itself, as its verification reads both tables.
    seconds["stream"] = took["stream"]["import"]
    return seconds | {
        "changed": seconds["import"] / min(seconds["ready"], seconds["select"]),
        "unchanged": seconds["stream"] / seconds["ready_publishers"],
        "memory": took["import"]["memory"],
    }


def prepare(sandbox: Sandbox, rows: int) -> None:
    """Make the older database, and the new tables."""
    psql = ["psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--set=rows={rows}", "--dbname=postgres"]
    shell.output(podman.execute(sandbox.project.container("db"), *psql), SQL.read_text())
    migrate = ["manage.py", "migrate", "--verbosity=0"]
    shell.output(podman.run(sandbox.project.image("server"), *migrate, options=options(sandbox)))


def options(sandbox: Sandbox) -> shell.Words:
    return [*manage.manage_options(sandbox.project), "--env", f"{legacy_database.URL}={DATABASE}"]


def run(sandbox: Sandbox, way: str) -> dict[str, float]:
    """Carry rows over in one way; return what the program says of it."""
    shell.output(podman.execute(sandbox.project.container("db"), "psql", "--quiet", "--command=CHECKPOINT"))
    command = podman.run(
        sandbox.project.image(BENCH), "-m", "bench.programs.legacy_import", way, options=options(sandbox)
    )
    took: dict[str, float] = json.loads(shell.output(command))
    return took
