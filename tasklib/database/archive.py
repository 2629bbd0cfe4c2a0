"""Continuous archiving, seen from this machine: base backups, and the state of any moment since the first one."""

from datetime import UTC, datetime

from invoke import Context, Exit

from tasklib.core import podman, shell, wait
from tasklib.core.project import Project
from tasklib.database import inventory, staging
from tasklib.images import store
from tasklib.pod import state

PROGRAM = ["-m", "dbtools.archive"]
FOLDER = "/var/lib/postgresql/archive"
LATEST = "latest"
# To replay all changes since the base backup: days of them, where nobody takes another.
REPLAY_SECONDS = 6 * 3600
# A standby that has replayed all waits for more: https://www.postgresql.org/docs/17/monitoring-stats.html
STATE = """
SELECT CASE WHEN NOT pg_is_in_recovery() THEN 'reached' WHEN EXISTS (SELECT FROM pg_stat_activity
    WHERE backend_type = 'startup' AND wait_event IN ('RecoveryRetrieveRetryInterval', 'RecoveryWalStream'))
THEN 'ended' ELSE 'going' END || ' ' || coalesce(pg_last_xact_replay_timestamp()::text, '-infinity')
"""


def base(c: Context, project: Project, keep: int) -> None:
    """Take a base backup of the running pod, and remove all but so many. Raises Exit."""
    if keep < 1:
        raise Exit(f"{keep} base backups cannot be kept - keep one at the least: inv db.archive --keep 1")
    state.require(project, "db")
    print(f"base backup {run_program(c, inside(project, 'base', str(keep)))}")


def recover(c: Context, project: Project, moment: str, replace: bool) -> None:
    """Give the pod the state of a moment, and start it; what it had before is kept. Raises Exit."""
    store.require_images(project, project.manifest.services)
    target = parsed(moment)
    if not staging.exists(volume(project)):
        raise Exit(f"no volume {volume(project)} - only what was archived comes back; switch it on: docs/backup.md")
    staging.require_replaceable(project, replace, f"inv db.recover '{moment}'")
    flush(c, project)
    with staging.volume(c, project) as name:
        print(f"from the base backup {run_program(c, unpack(project, name, target))}")
        with staging.running(c, project, name, settings(target)) as container:
            replay(c, container, target)
        staging.swap(c, project, name)


def volume(project: Project) -> str:
    return f"{project.name}-db-archive"


def parsed(moment: str, now: datetime | None = None) -> str:
    """A moment of the past with its zone, which is UTC where none is given, or `latest`. Raises Exit."""
    if moment == LATEST:
        return moment
    try:
        given = datetime.fromisoformat(moment)
    except ValueError as error:
        raise Exit(f"'{moment}' is no time - write it like this: inv db.recover '2026-11-25 03:00:00+00:00'") from error
    given = given if given.tzinfo else given.replace(tzinfo=UTC)
    if given > (now or datetime.now(UTC)):
        raise Exit(f"{given} is still to come - for the last change of all: inv db.recover {LATEST}")
    return str(given)


def inside(project: Project, *words: str) -> shell.Words:
    """A command of the archive in the running container."""
    return podman.execute(project.container("db"), "python3", *PROGRAM, *words)


def run_program(c: Context, words: shell.Words) -> str:
    """Run a command of the archive and return its answer. Raises Exit with its reason."""
    result = shell.run(c, words, quiet=True, warn=True)
    if result.failed:
        raise Exit(shell.last_lines(result.stderr, 1))
    return str(result.stdout.strip())


def flush(c: Context, project: Project) -> None:
    """Let a running pod archive all up to now; what it cannot is missing later, and told then."""
    if state.state(project).get("db", {}).get("State", {}).get("Running"):
        shell.run(c, inside(project, "flush"), quiet=True, warn=True)


def unpack(project: Project, name: str, target: str) -> shell.Words:
    """Fill a new volume with the base backup before a moment and the changes since, and print where they are from."""
    options = [
        *("--network", "none", "--read-only", "--cap-drop", "all", "--tmpfs", "/tmp", "--entrypoint", "python3"),
        *("--volume", f"{name}:{staging.DATA}", "--volume", f"{volume(project)}:{FOLDER}:ro"),
    ]
    return podman.run(project.image("db"), *PROGRAM, "unpack", target, options=options)


def settings(target: str) -> dict[str, str]:
    """Replay what was committed up to a moment, then be an ordinary server."""
    when = {} if target == LATEST else {"recovery_target_time": target, "recovery_target_action": "promote"}
    return {"archive_mode": "off"} | when


def replay(c: Context, container: str, target: str) -> None:
    """Wait until the moment is reached, or the end of all changes for the latest one. Raises Exit."""
    if c.config.run.dry:
        return
    wait.until(lambda: "changes" if progress(container)[0] == "going" else "", REPLAY_SECONDS, "replaying")
    how, last = progress(container)
    if how != "reached":
        if target != LATEST:
            raise Exit(f"the archive ends at {last}, before {target} - for all that it has: inv db.recover {LATEST}")
        shell.run(c, [*inventory.psql(container, "postgres"), "--command=SELECT pg_promote()"], quiet=True)
    found = inventory.read(container)
    print(f"{target}: {len(found.tables)} tables, {found.rows} rows; the last change is of {last}")


def progress(container: str) -> tuple[str, str]:
    """Whether the replay is going, has reached its moment or the end of all changes, and the last commit's time."""
    answer = shell.capture([*inventory.psql(container, "postgres"), f"--command={STATE}"])
    if answer.returncode:
        raise Exit(f"the changes were not replayed: {shell.last_lines(answer.stderr, 1)} - ask for an earlier moment")
    how, _, last = answer.stdout.strip().partition(" ")
    return how, last
