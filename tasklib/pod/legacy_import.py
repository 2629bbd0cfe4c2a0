"""The task `legacy-import`, which imports the rows of an older database."""

from invoke import Context

from tasklib.core import podman, project, shell
from tasklib.core.menu import require_at_least, task
from tasklib.core.shell import Words
from tasklib.pod import legacy_database, manage, state


@task(
    iterable=["table"],
    help={
        "table": "import only this table; may be repeated",
        "limit": "import only this many rows of each table",
        "dry-run": "import and verify, then undo all of it",
        "fresh": "delete what was imported before, and begin again",
    },
)
def legacy_import(
    c: Context, table: list[str] | None = None, limit: int = 0, dry_run: bool = False, fresh: bool = False
) -> None:
    """Import the rows of an older database, and verify them."""
    require_at_least(0, "--limit", limit)
    run(c, project.this(), legacy_database.words(table or [], limit, dry_run, fresh))


def run(c: Context, this: project.Project, words: Words) -> None:
    """Run the import in a container of its own; its reports belong to the caller. Raises Exit."""
    legacy_database.require()
    state.require(this, "db")
    legacy_database.FOLDER.mkdir(parents=True, exist_ok=True)
    own = ["--user", "0:0", "--volume", f"./{legacy_database.FOLDER}:{legacy_database.INSIDE}"]
    terminal = ["--tty"] if shell.is_terminal() else []
    options = [*manage.manage_options(this), *own, *terminal]
    shell.attach(c, podman.run(this.image("server"), "manage.py", *words, options=options))
