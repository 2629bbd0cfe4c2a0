"""Making a database from a backup, comparing it with what the backup tells, and giving it to the pod."""

import zipfile
from pathlib import Path

from invoke import Context, Exit

from tasklib.core import podman, shell
from tasklib.core.project import Project, common_name
from tasklib.database import backup_file, inventory, pipes, staging
from tasklib.images import store

# Until all is compared and written at the end, nothing of the new volume is worth to be kept.
FAST = {
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "archive_mode": "off",
    "max_wal_size": "4GB",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
}


def restore(c: Context, project: Project, path: Path, replace: bool) -> None:
    """Give the pod the state of a backup, and start it; what it had before is kept. Raises Exit."""
    manifest = checked(project, path)
    staging.require_replaceable(project, replace, f"inv db.restore {path}")
    with staging.volume(c, project) as volume:
        fill(c, project, volume, path, manifest)
        staging.swap(c, project, volume)


def check(c: Context, project: Project, path: Path) -> None:
    """Make a database from a backup and compare it, then remove it. Raises Exit."""
    manifest = checked(project, path)
    with staging.volume(c, project) as volume:
        fill(c, project, volume, path, manifest)
    shell.run(c, podman.volume_rm(volume), quiet=True)


def checked(project: Project, path: Path) -> backup_file.Manifest:
    """The description of an intact backup of this project. Raises Exit."""
    manifest = backup_file.read(path)
    store.require_images(project, project.manifest.services)
    own = common_name()
    if manifest.format > backup_file.FORMAT:
        raise Exit(f"{path} has format {manifest.format}, newer than {backup_file.FORMAT} - take newer tasks: git pull")
    if manifest.project != own:
        raise Exit(f"{path} is of the project '{manifest.project}', this is '{own}' - {backup_file.OTHERS}")
    return manifest


def fill(c: Context, project: Project, volume: str, path: Path, manifest: backup_file.Manifest) -> None:
    """Make the database in a new volume. Raises Exit where it is not what the backup tells."""
    with staging.running(c, project, volume, FAST) as container:
        if not c.config.run.dry:
            require_known(path, manifest.content, inventory.read(container))
        shell.run(c, podman.execute(container, "dropdb", "service"), quiet=True)
        with zipfile.ZipFile(path) as archive, archive.open(backup_file.DUMP) as dump:
            pipes.feed(c, load(container), dump, "restoring")
        if not c.config.run.dry:
            require_equal(path, manifest.content, inventory.read(container))
        # Without it, the first statements would be planned as if all tables were empty.
        shell.run(c, podman.execute(container, "vacuumdb", "--analyze-only", "--quiet", "service"), quiet=True)
        note = f"--command=COMMENT ON DATABASE service IS 'backup {manifest.time}'"
        shell.run(c, [*inventory.psql(container, "postgres"), note], quiet=True)
    found = manifest.content
    print(f"{path}: {len(found.tables)} tables, {found.rows} rows, all as they were at {manifest.time}")


def load(container: str) -> shell.Words:
    """Make the database of a dump on the standard input, with its owner and rights."""
    return podman.execute(container, "pg_restore", "--create", "--exit-on-error", "--dbname=postgres")


def require_known(path: Path, told: inventory.Content, image: inventory.Content) -> None:
    """Raise Exit where a backup is of newer programs than the images."""
    if told.postgres > image.postgres:
        raise Exit(
            f"{path} is of PostgreSQL {told.postgres}, the image has {image.postgres} - take newer images: git pull"
        )
    if unknown := [name for name in told.migrations if name not in image.migrations]:
        raise Exit(f"{path} has the migration {unknown[0]}, which the images do not - build newer ones: git pull")


def require_equal(path: Path, told: inventory.Content, found: inventory.Content) -> None:
    """Raise Exit where two contents differ."""
    if different := inventory.differences(told, found):
        print("\n".join(different))
        raise Exit(f"{path} does not restore to what was backed up (above: where) - {backup_file.OTHERS}")
