"""Archive every change of the cluster for point-in-time recovery.

Usage: python3 -m dbtools.archive begin | base KEEP | flush | unpack MOMENT | forget

The folders of the archive are described in archive_folders.py.
The library basic_archive needs no shell, as a command would, and never overwrites a file with different content.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from dbtools import archive_folders as folders

ARCHIVE = Path("/var/lib/postgresql/archive")
SETTINGS = Path("/run/postgresql/archive.conf")  # postgresql.conf includes it
DATA = Path(os.environ.get("PGDATA", "/var/lib/postgresql/data"))
ID = "archive-id"  # in the data: the name of its folder in the archive
FLUSH_SECONDS = 60.0
OWNER = "give the archive's folder to user 10002, then type: inv db.archive; how: docs/backup.md"


def now() -> str:
    return f"{datetime.now(UTC):{folders.TIME}}"


def prepare() -> None:
    """Write the settings for the next start: archive into the folder of this volume, or do not archive."""
    if os.environ.get("POSTGRES_ARCHIVE") != "true":
        SETTINGS.write_text("")
        (DATA / ID).unlink(missing_ok=True)  # its folder will lack the changes from now on
        return
    if not (DATA / ID).exists():
        (DATA / ID).write_text(f"{folders.POD}-{now()}")
    try:
        adopt()
        make_folders()
    except OSError as error:
        print(f"nothing is archived, {error.filename}: {error.strerror} - {OWNER}", file=sys.stderr)
    SETTINGS.write_text(settings(folder() / "wal"))


def adopt() -> None:
    """Put the name of the pod in front of a folder that an older release has made for this volume."""
    if not folders.is_own(folder()):
        old, new = folder(), ARCHIVE / f"{folders.POD}-{folder().name}"
        if old.exists():
            old.rename(new)
        (DATA / ID).write_text(new.name)


def make_folders() -> None:
    """Make the folders of this volume."""
    for name in ("wal", "base"):
        (folder() / name).mkdir(parents=True, exist_ok=True)


def settings(wal: Path) -> str:
    """The settings that archive; at most the writes of five minutes are lost. Default: 0, no limit."""
    return (
        "archive_mode = on\narchive_library = 'basic_archive'\narchive_timeout = 5min\n"
        f"basic_archive.archive_directory = '{wal}'\n"
    )


def folder() -> Path:
    """The folder of this volume in the archive. Exits if archiving is off."""
    try:
        return ARCHIVE / (DATA / ID).read_text()
    except FileNotFoundError:
        sys.exit("archiving is off - switch it on: archive in invoke.yaml, then inv up")


def base(keep: str) -> None:
    """Take a base backup; keep the newest ones only, and the changes that they need."""
    make_folders()
    draft = folder() / "base" / ".draft"
    shutil.rmtree(draft, ignore_errors=True)
    options = ["--format=tar", "--compress=client-gzip:1", "--wal-method=stream", "--checkpoint=fast", "--no-password"]
    subprocess.run(["pg_basebackup", "--username=backup", f"--pgdata={draft}", *options], check=True)
    path = draft.rename(draft.with_name(now()))
    folders.prune(ARCHIVE, int(keep), folder())
    print(path.name)
    if left := folders.others(ARCHIVE):
        print(f"left alone, because this pod has not made it: {', '.join(left)}")


def query(statement: str) -> str:
    """The value that a statement returns from the running cluster."""
    command = ["psql", "--no-psqlrc", "--tuples-only", "--no-align", f"--command={statement}", "postgres"]
    # A superuser resolves no name where others may create objects.
    safe = {"PGOPTIONS": "-c search_path=pg_catalog"}
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ | safe).stdout.strip()


def flush() -> None:
    """Wait until all changes up to now are in the archive."""
    # Recovery ends at the first commit after its target, so there must be one.
    query("SELECT pg_current_xact_id()")
    written = folder() / "wal" / query("SELECT pg_walfile_name(pg_switch_wal())")
    deadline = time.monotonic() + FLUSH_SECONDS
    while not written.exists():
        if time.monotonic() > deadline:
            sys.exit(f"{written} was not archived in {FLUSH_SECONDS:.0f} s - look at the view pg_stat_archiver")
        time.sleep(0.1)


def unpack(moment: str) -> None:
    """Fill an empty data directory with the base backup before a moment and the changes since, for the next start."""
    copy = folders.chosen(ARCHIVE, moment)
    empty(DATA)
    for name, target in [("base.tar.gz", DATA), ("pg_wal.tar.gz", DATA / "pg_wal")]:
        with tarfile.open(copy / name) as archive:
            archive.extractall(target, filter="fully_trusted")  # noqa: S202 - our own file, verified below
    verify = ["pg_verifybackup", "--no-parse-wal", "--quiet", f"--manifest-path={copy}/backup_manifest", str(DATA)]
    if subprocess.run(verify, check=False).returncode:
        sys.exit(f"the base backup {copy.name} has changed since it was taken (above: where) - take an earlier moment")
    (DATA / ID).unlink()  # the recovered cluster archives into a new folder
    first = folders.first_segment(copy)
    for file in sorted((copy.parents[1] / "wal").iterdir()):
        if folders.is_segment(file.name) and file.name[8:] >= first[8:]:
            shutil.copyfile(file, DATA / "pg_wal" / file.name)
    # A standby reads pg_wal itself; an ordinary recovery needs a command, and a shell to run it.
    (DATA / "standby.signal").touch()
    print(copy.name)


def empty(path: Path) -> None:
    """Remove what the image has put into a new volume."""
    for entry in path.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    path.chmod(0o700)


def begin() -> None:
    """Take the first base backup of this volume, unless it has one."""
    if not folders.copies(folder()):
        base(str(sys.maxsize))


def forget() -> None:
    """Remove the folders of this pod."""
    for volume in folders.volumes(ARCHIVE):
        shutil.rmtree(volume)


def main(command: str, *words: str) -> None:
    """Run one command of the command line."""
    functions: list[Callable[..., None]] = [begin, base, flush, unpack, forget]
    commands = {function.__name__: function for function in functions}
    try:
        commands[command](*words)
    except PermissionError as error:
        sys.exit(f"{error.filename}: {error.strerror} - {OWNER}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.cmd[0]} failed with code {error.returncode} (above: why) - look at it: inv logs db")


if __name__ == "__main__":
    main(*sys.argv[1:])
