"""Restoring a backup into a staging volume, comparing it with the backup's inventory, and giving it to the pod."""

import contextlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from invoke import Context, Exit
from invoke.exceptions import UnexpectedExit

from tasklib.core import podman, shell
from tasklib.core.project import Project, common_name, turn
from tasklib.core.services import DATABASE
from tasklib.database import backup, backup_file, backup_manifest, inventory, pipes, staging
from tasklib.images import store
from tasklib.pod import clean, preflight

# Durability is not needed: until the comparison has succeeded, the new volume is thrown away on any failure.
FAST = {
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "archive_mode": "off",
    "max_wal_size": "4GB",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
}

PORT_OFFSET = 4000  # of the pod that a check starts, from the pod beside it
OWN_ROLES = ["--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={DATABASE}", "--file=/etc/postgresql/own.sql"]


def restore(c: Context, project: Project, path: Path, replace: bool, signed: bool = False) -> list[str]:
    """Restore the database from a backup and start the pod; the present data is kept.

    With `signed`, only from one that this machine has signed. Return the services that are not healthy, without which
    the pod serves. Raises Exit.
    """
    manifest = checked(project, path)
    require_trust(path, signed)
    staging.require_replaceable(project, replace, f"inv db.restore {path}")
    preflight.require(c, project)
    with staging.volume(c, project) as volume:
        fill(c, project, volume, path, manifest)
        ill = staging.swap(c, project, volume)
    if replace:
        staging.delete_older(c, project)
    return ill


def check(c: Context, project: Project, path: Path) -> None:
    """Restore a backup as on a new machine: into a pod of its own, which is removed again. Raises Exit."""
    copy = project.copy("check", PORT_OFFSET, {})
    with turn(copy.name):
        clean.delete_pod(c, copy)  # what a check left that was killed
        try:
            restore(c, copy, path, replace=False)
        finally:
            clean.delete_pod(c, copy)
    print(f"{path} was restored into the pod {copy.name}, which was healthy, and is removed again")


def checked(project: Project, path: Path) -> backup_manifest.Manifest:
    """The description of an intact backup of this project. Raises Exit."""
    manifest = backup_file.read(path)
    store.require_images(project, project.manifest.services)
    own = common_name()
    if manifest.format > backup_manifest.FORMAT:
        known = backup_manifest.FORMAT
        raise Exit(f"{path} has format {manifest.format}, newer than {known} - update the tasks: git pull")
    if manifest.project != own:
        raise Exit(f"{path} is of the project '{manifest.project}', this is '{own}' - {backup_file.OTHERS}")
    backup_file.require_dump(path)
    return manifest


def require_trust(path: Path, signed: bool) -> None:
    """Say whether this machine has signed a backup. Raises Exit if it has to be signed and is not."""
    if backup_file.is_signed(path):
        print(f"{path} is signed with this machine's key")
    elif signed:
        raise Exit(f"{path} is not signed with this machine's key - without --signed, trust it: docs/backup.md")
    else:
        print(f"{path} is not signed with this machine's key - what trusting it means: docs/backup.md")


def fill(c: Context, project: Project, volume: str, path: Path, manifest: backup_manifest.Manifest) -> None:
    """Restore the database into a new volume. Raises Exit if it differs from the backup's inventory."""
    with staging.running(c, project, volume, FAST) as container:
        if not c.config.run.dry:
            require_known(path, manifest.content, inventory.read(container))
        # Rights in the dump may be those of your own roles.
        shell.run(c, podman.execute(container, "psql", *OWN_ROLES), quiet=True)
        shell.run(c, podman.execute(container, "dropdb", DATABASE), quiet=True)
        shell.run(c, podman.execute(container, "createdb", "--owner=owner", DATABASE), quiet=True)
        with blamed(path):
            with zipfile.ZipFile(path) as archive, archive.open(backup_file.DUMP) as dump:
                pipes.feed(c, load(container), dump, "restoring")
            restored = manifest.content if c.config.run.dry else inventory.read(container)
            # Without statistics, the first statements would be planned as if all tables were empty.
            shell.run(c, podman.execute(container, "vacuumdb", "--analyze-only", "--quiet", DATABASE), quiet=True)
            shell.run(c, backup.record(container, manifest.time), quiet=True)
        require_equal(path, manifest.content, restored)
    content = manifest.content
    print(f"{path}: {len(content.tables)} tables, {content.rows} rows, all as they were at {manifest.time}")


@contextlib.contextmanager
def blamed(path: Path) -> Iterator[None]:
    """Blame the file for a step that fails after its dump, which is a program, has begun to run. Raises Exit."""
    try:
        yield
    except UnexpectedExit as error:
        raise cannot_be_restored(path, shell.last_lines(error.result.stderr, 1)) from error
    except (Exit, ValueError) as error:
        raise cannot_be_restored(path, str(error).rpartition(" - ")[0] or str(error)) from error


def cannot_be_restored(path: Path, reason: str) -> Exit:
    return Exit(f"{path} cannot be restored: {reason} - {backup_file.OTHERS}")


def load(container: str) -> shell.Words:
    """Restore the dump on standard input, with its rights, as the owner of the database.

    Not as superuser: a dump is a program. The migrator may become the owner, and nothing else.
    """
    role = ["--username=migrator", "--role=owner", "--no-owner", "--no-tablespaces"]
    return podman.execute(container, "pg_restore", *role, "--exit-on-error", f"--dbname={DATABASE}")


def require_known(path: Path, wanted: inventory.Content, image: inventory.Content) -> None:
    """Raise Exit if a backup was made by newer programs than the images have."""
    if wanted.postgres > image.postgres:
        raise Exit(
            f"{path} is of PostgreSQL {wanted.postgres}, the image has {image.postgres} - update the images: git pull"
        )
    if unknown := [name for name in wanted.migrations if name not in image.migrations]:
        raise Exit(f"{path} has the migration {unknown[0]}, which the images do not - build newer ones: git pull")


def require_equal(path: Path, wanted: inventory.Content, restored: inventory.Content) -> None:
    """Raise Exit if two contents differ."""
    if different := inventory.differences(wanted, restored):
        print("\n".join(different))
        raise Exit(f"{path} does not restore to what was backed up (above: where) - {backup_file.OTHERS}")
