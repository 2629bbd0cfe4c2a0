"""Back up, restore, recover and upgrade the database."""

from invoke import Collection, Context

from tasklib.core import project
from tasklib.core.menu import given_path, task
from tasklib.database import archive, backup, restore, upgrade
from tasklib.status import page

REPLACE = "keep the present data in another volume, and delete what was kept before"


@task(
    name="backup",
    help={
        "to": "the folder of the backups",
        "keep": "keep only the newest N intact backups of this pod",
        "check": "write nothing; restore this file into a pod of its own, compare, and remove that pod",
    },
)
def backup_(c: Context, to: str = str(backup.FOLDER), keep: int = 0, check: str = "") -> None:
    """Write a snapshot of the running database into a file."""
    if check:
        restore.check(c, project.this(), given_path(check))
    else:
        backup.backup(c, project.this(), backup.FOLDER if to == str(backup.FOLDER) else given_path(to), keep)


@task(
    name="restore",
    help={"file": "a backup file", "replace": REPLACE, "signed": "refuse a file that this machine has not signed"},
    positional=["file"],
)
def restore_(c: Context, file: str, replace: bool = False, signed: bool = False) -> None:
    """Restore the database from a backup file."""
    this = project.this()
    page.show(c, this, restore.restore(c, this, given_path(file), replace, signed))


@task(name="archive", help={"keep": "keep only the newest N base backups, and the changes since the oldest of them"})
def archive_(c: Context, keep: int = 2) -> None:
    """Take a base backup, so that point-in-time recovery replays less."""
    archive.base(c, project.this(), keep)


@task(help={"moment": "a time, or `latest`", "replace": REPLACE}, positional=["moment"])
def recover(c: Context, moment: str, replace: bool = False) -> None:
    """Restore the database to a point in time."""
    this = project.this()
    page.show(c, this, archive.recover(c, this, moment, replace))


@task(name="upgrade")
def upgrade_(c: Context) -> None:
    """Upgrade the data to the image's PostgreSQL major version."""
    this = project.this()
    page.show(c, this, upgrade.upgrade(c, this))


ns = Collection("db", backup_, restore_, archive_, recover, upgrade_)
