"""The task `legacy-import`, which imports the rows of an older database."""

from invoke import Context

from tasklib.core import podman, project, shell
from tasklib.core.menu import require_at_least, task
from tasklib.core.services import DATABASE
from tasklib.core.shell import Words
from tasklib.pod import legacy_database, manage, state
from tasklib.volumes import consent

IMPORTED = 'SELECT "table", written FROM public.legacy_progress ORDER BY 1'


@task(
    iterable=["table"],
    help={
        "table": "import only this table; may be repeated",
        "limit": "import only this many rows of each table",
        "dry-run": "import and verify, then undo all of it",
        "fresh": "delete what was imported before, and begin again",
        "yes": "delete without asking",
    },
)
def legacy_import(
    c: Context, table: list[str] | None = None, limit: int = 0, dry_run: bool = False, fresh: bool = False,
    yes: bool = False,
) -> None:  # fmt: skip
    """Import the rows of an older database, and verify them."""
    require_at_least(0, "--limit", limit)
    this, tables = project.this(), table or []
    legacy_database.require()
    state.require(this, "db")
    if fresh and not dry_run:
        consent.require(c, yes, imported(this, tables))
    run(c, this, legacy_database.words(tables, limit, dry_run, fresh))


def imported(this: project.Project, tables: list[str]) -> list[str]:
    """The imported rows of these tables, or of all, in words."""
    options = ["--no-psqlrc", "--tuples-only", "--no-align", "--username=backup", f"--dbname={DATABASE}"]
    result = shell.capture(podman.execute(this.container("db"), "psql", *options, f"--command={IMPORTED}"))
    # Before the first import, there is no such table.
    counts = dict(line.split("|") for line in result.stdout.splitlines())
    return [f"{count} imported rows of {name}" for name, count in counts.items() if name in tables or not tables]


def run(c: Context, this: project.Project, words: Words) -> None:
    """Run the import in a container of its own; its reports belong to the caller. Raises Exit."""
    legacy_database.FOLDER.mkdir(parents=True, exist_ok=True)
    own = ["--user", "0:0", "--volume", f"./{legacy_database.FOLDER}:{legacy_database.INSIDE}"]
    terminal = ["--tty"] if shell.is_terminal() else []
    options = [*manage.manage_options(this), *own, *terminal]
    shell.attach(c, podman.run(this.image("server"), "manage.py", *words, options=options))
