"""Writing backups of the running pod: one snapshot in one file, complete or absent."""

import contextlib
import json
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from invoke import Context, Exit

from tasklib.core import podman, shell
from tasklib.core.project import Project, common_name
from tasklib.core.services import DATABASE, VERSION_LABEL
from tasklib.database import backup_file, backup_manifest, elsewhere, inventory, pipes, staging
from tasklib.machine import key
from tasklib.pod import state
from tasklib.volumes import contents

ELSEWHERE = "inv db.backup --to /mnt/nas"
VERSION = f'{{{{index .Labels "{VERSION_LABEL}"}}}}'
FOLDER = Path("backups")  # the only one that is made
# Stored in the database, so that every role that may connect can read it: docs/backup.md.
RECORD = f"COMMENT ON DATABASE {DATABASE} IS 'backup {{time}}'"


def backup(c: Context, project: Project, folder: Path, keep: int) -> None:
    """Write a backup into a folder; with `keep`, then remove all intact ones but the newest. Raises Exit."""
    if keep < 0:
        raise Exit(f"{keep} backups cannot be kept - keep one at the least: inv db.backup --keep 1")
    state.require(project, "db")
    try:
        require_folder(folder)
        warn_of_same_disk(project, folder)
        with shell.ended_in_order():
            write(c, project, folder)
    except OSError as error:
        raise Exit(
            f"no backup was written to {folder}: {error.strerror} - try another: inv db.backup --to FOLDER"
        ) from error
    if keep:
        remove_older(project, folder, keep)


def require_folder(folder: Path) -> None:
    """Raise Exit if a folder for backups is missing, as where a disk is not mounted; make the usual one."""
    if folder == FOLDER:
        folder.mkdir(exist_ok=True)
    elif not folder.is_dir():
        raise Exit(f"no folder '{folder}', so no backup was written - mount its disk, or make it: mkdir {folder}")


def warn_of_same_disk(project: Project, folder: Path) -> None:
    """Say so if a folder is on the disk of the data, with which it would be lost."""
    number = shell.capture(podman.execute(project.container("db"), "python3", *contents.PROGRAM, "disk", staging.DATA))
    if number.stdout.strip() == str(folder.stat().st_dev):
        print(f"'{folder}' is on the same disk as the data, and is lost with it - keep a copy elsewhere: {ELSEWHERE}")


def write(c: Context, project: Project, folder: Path) -> None:
    """Write a backup of the running database, or leave no file. Raises Exit or OSError."""
    container = project.container("db")
    if c.config.run.dry:
        print(" ".join(dump(container)))
        return
    elsewhere.warn(project)
    with snapshot(container) as (content, facts):
        time = datetime.fromisoformat(facts["time"]).astimezone(UTC)
        path = folder / backup_file.name(project.name, time.strftime(backup_file.TIME))
        with backup_file.written(path) as archive:
            store(c, archive, container, facts["snapshot"])
            manifest = backup_manifest.Manifest(
                common_name(), project.name, f"{time:%Y-%m-%dT%H:%M:%SZ}", version(project), content
            )
            archive.writestr(backup_file.MANIFEST, json.dumps(manifest.as_json(), indent=1))
    key.sign(path, backup_file.checksum(path))
    shell.run(c, record(container, manifest.time), quiet=True)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB, {len(content.tables)} tables, {content.rows} rows")


@contextlib.contextmanager
def snapshot(container: str) -> Iterator[tuple[inventory.Content, dict[str, Any]]]:
    """The content of the database in one snapshot, which pg_dump can share by its name while this is open."""
    with pipes.piped(inventory.psql(container), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as session:
        commands, answers = pipes.pipe(session.stdin), pipes.pipe(session.stdout)
        commands.write(inventory.SCRIPT.encode())
        commands.flush()
        yield inventory.gather(line.decode() for line in answers)


def store(c: Context, archive: zipfile.ZipFile, container: str, name: str) -> None:
    """Add the dump of a snapshot, and let PostgreSQL read it once. Raises Exit."""
    with (
        pipes.piped(dump(container, name), stdout=subprocess.PIPE) as process,
        archive.open(backup_file.DUMP, "w", force_zip64=True) as target,
    ):
        pipes.copy(pipes.pipe(process.stdout), target, "writing")
    # A dump that lacks its end has no mark of it.
    with archive.open(backup_file.DUMP) as source:
        pipes.feed(c, podman.execute(container, "pg_restore", "--file=/dev/null"), source, "reading")


def dump(container: str, name: str = "") -> shell.Words:
    """Print the database as an archive of pg_dump, which compresses it; gzip takes more CPU: docs/backup.md."""
    options = [
        "--username=backup",
        "--format=custom",
        "--compress=zstd",
        "--create",
        *([f"--snapshot={name}"] if name else []),
    ]
    return podman.execute(container, "pg_dump", *options, DATABASE)


def record(container: str, time: str) -> shell.Words:
    """Note in the database when it was backed up."""
    return [*inventory.psql(container, "postgres"), f"--command={RECORD.format(time=time)}"]


def version(project: Project) -> str:
    """The commit that the server image was built from."""
    return shell.capture(podman.image_inspect(project.image("server"), VERSION)).stdout.strip()


def remove_older(project: Project, folder: Path, keep: int) -> None:
    """Remove the intact backups of this pod except the newest; damaged ones stay and do not count."""
    intact = [path for path in backup_file.newest_first(folder, project.name) if is_own(project, path)]
    for path in intact[keep:]:
        path.unlink()
        key.beside(path).unlink(missing_ok=True)
        print(f"{path}: removed")


def is_own(project: Project, path: Path) -> bool:
    """Whether a file is an intact backup of this pod."""
    try:
        return backup_file.read(path).pod == project.name
    except Exit:
        return False
