"""Archive every change of the cluster for point-in-time recovery.

Usage: python3 -m dbtools.archive begin | base KEEP | flush | unpack MOMENT

Each data volume has its own folder in the archive, because all volumes start from one image and would use the same file
names. In it, `wal` holds what PostgreSQL archives, and `base` the base backups, named by the time of their end.
The library basic_archive needs no shell, as a command would, and never overwrites a file with different content.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ARCHIVE = Path("/var/lib/postgresql/archive")
SETTINGS = Path("/run/postgresql/archive.conf")  # postgresql.conf includes it
DATA = Path(os.environ.get("PGDATA", "/var/lib/postgresql/data"))
ID = "archive-id"  # in the data: the name of its folder in the archive
TIME = "%Y%m%dT%H%M%SZ"
SEGMENT_BYTES = 16 * 1024 * 1024  # PostgreSQL's default, wal_segment_size
FLUSH_SECONDS = 60.0
LATEST = "latest"


def now() -> str:
    return f"{datetime.now(UTC):{TIME}}"


def prepare() -> None:
    """Write the settings for the next start: archive into the folder of this volume, or do not archive."""
    if os.environ.get("POSTGRES_ARCHIVE") != "true":
        SETTINGS.write_text("")
        (DATA / ID).unlink(missing_ok=True)  # its folder will lack the changes from now on
        return
    if not (DATA / ID).exists():
        (DATA / ID).write_text(now())
    for name in ("wal", "base"):
        (folder() / name).mkdir(parents=True, exist_ok=True)
    SETTINGS.write_text(settings(folder() / "wal"))


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


def copies(volume: Path) -> list[Path]:
    """The finished base backups of one volume, the oldest first."""
    return sorted(volume.glob("base/2*Z"))


def bases(archive: Path) -> list[Path]:
    """The finished base backups of all volumes, the oldest first."""
    return sorted((path for volume in archive.iterdir() for path in copies(volume)), key=lambda path: path.name)


def base(keep: str) -> None:
    """Take a base backup; keep the newest ones only, and the changes that they need."""
    draft = folder() / "base" / ".draft"
    shutil.rmtree(draft, ignore_errors=True)
    options = ["--format=tar", "--compress=client-gzip:1", "--wal-method=stream", "--checkpoint=fast", "--no-password"]
    subprocess.run(["pg_basebackup", "--username=backup", f"--pgdata={draft}", *options], check=True)
    path = draft.rename(draft.with_name(now()))
    prune(ARCHIVE, int(keep), folder())
    print(path.name)


def prune(archive: Path, keep: int, current: Path) -> None:
    """Keep the newest base backups, and remove what they do not need; the current volume's folder stays."""
    for old in bases(archive)[:-keep]:
        shutil.rmtree(old)
    for volume in archive.iterdir():
        if left := copies(volume):
            first = first_segment(left[0])
            for file in (volume / "wal").iterdir():
                if is_segment(file.name) and file.name[8:] < first[8:]:
                    file.unlink()
        elif volume != current:
            shutil.rmtree(volume)


def is_segment(name: str) -> bool:
    """Whether a file of the archive is a WAL segment; others describe timelines and backups."""
    return len(name) == 24 and "." not in name


def first_segment(path: Path) -> str:
    """The WAL segment with the first change that a base backup needs."""
    begin = json.loads((path / "backup_manifest").read_text())["WAL-Ranges"][0]
    high, low = (int(part, 16) for part in begin["Start-LSN"].split("/"))
    return f"{begin['Timeline']:08X}{high:08X}{low // SEGMENT_BYTES:08X}"


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


def chosen(archive: Path, moment: str) -> Path:
    """The newest base backup that ended before a moment. Exits if there is none."""
    found = bases(archive)
    wanted = found if moment == LATEST else [path for path in found if path.name < utc(moment)]
    if not wanted:
        first = f"the first one is of {found[0].name}" if found else "there is none at all"
        sys.exit(f"no base backup was finished before {moment}, {first} - take one with: inv db.archive")
    return wanted[-1]


def utc(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(UTC):{TIME}}"


def unpack(moment: str) -> None:
    """Fill an empty data directory with the base backup before a moment and the changes since, for the next start."""
    copy = chosen(ARCHIVE, moment)
    empty(DATA)
    for name, target in [("base.tar.gz", DATA), ("pg_wal.tar.gz", DATA / "pg_wal")]:
        with tarfile.open(copy / name) as archive:
            archive.extractall(target, filter="fully_trusted")  # noqa: S202 - our own file, verified below
    verify = ["pg_verifybackup", "--no-parse-wal", "--quiet", f"--manifest-path={copy}/backup_manifest", str(DATA)]
    if subprocess.run(verify, check=False).returncode:
        sys.exit(f"the base backup {copy.name} has changed since it was taken (above: where) - take an earlier moment")
    (DATA / ID).unlink()  # the recovered cluster archives into a new folder
    first = first_segment(copy)
    for file in sorted((copy.parents[1] / "wal").iterdir()):
        if is_segment(file.name) and file.name[8:] >= first[8:]:
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
    if not copies(folder()):
        base(str(sys.maxsize))


def main(command: str, *words: str) -> None:
    """Run one command of the command line."""
    commands: dict[str, Callable[..., None]] = {"begin": begin, "base": base, "flush": flush, "unpack": unpack}
    try:
        commands[command](*words)
    except subprocess.CalledProcessError as error:
        sys.exit(f"{error.cmd[0]} failed with code {error.returncode} (above: why) - look at it: inv logs db")


if __name__ == "__main__":
    main(*sys.argv[1:])
