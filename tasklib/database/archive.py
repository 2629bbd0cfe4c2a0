"""Base backups and point-in-time recovery, from the archive of all changes."""

from datetime import UTC, datetime

from invoke import Context, Exit

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.database import inventory, staging
from tasklib.images import store
from tasklib.pod import preflight, state
from tasklib.volumes import contents

PROGRAM = ["-m", "dbtools.archive"]
FOLDER = "/var/lib/postgresql/archive"
LATEST = "latest"
# The time to replay all changes since the base backup, which may be days of them.
REPLAY_SECONDS = 6 * 3600
# A standby that has replayed all waits for more: https://www.postgresql.org/docs/17/monitoring-stats.html
STATE = """
SELECT CASE WHEN NOT pg_is_in_recovery() THEN 'reached' WHEN EXISTS (SELECT FROM pg_stat_activity
    WHERE backend_type = 'startup' AND wait_event IN ('RecoveryRetrieveRetryInterval', 'RecoveryWalStream'))
THEN 'ended' ELSE 'going' END || ' ' || coalesce(pg_last_xact_replay_timestamp()::text, '-infinity')
"""


def base(c: Context, project: Project, keep: int) -> None:
    """Take a base backup of the running pod, and keep only the newest ones. Raises Exit."""
    if keep < 1:
        raise Exit(f"{keep} base backups cannot be kept - keep one at the least: inv db.archive --keep 1")
    state.require(project, "db")
    print(f"base backup {run_program(c, inside(project, 'base', str(keep)))}")


def recover(c: Context, project: Project, moment: str, replace: bool) -> list[str]:
    """Restore the database to a point in time and start the pod; the present data is kept.

    Return the services that are not healthy, without which the pod serves. Raises Exit.
    """
    store.require_images(project, project.manifest.services)
    target = parsed(moment)
    if not contents.exists(volume(project)):
        raise Exit(f"no volume {volume(project)} - nothing was archived; switch archiving on: docs/backup.md")
    staging.require_replaceable(project, replace, f"inv db.recover '{moment}'")
    preflight.require(c, project)
    flush(c, project)
    with staging.volume(c, project) as name:
        print(f"from the base backup {run_program(c, unpack(project, name, target))}")
        with staging.running(c, project, name, settings(target)) as container:
            replay(c, container, target)
        ill = staging.swap(c, project, name)
    if replace:
        staging.delete_older(c, project)
    return ill


def volume(project: Project) -> str:
    return f"{project.name}-db-archive"


def parsed(moment: str, now: datetime | None = None) -> str:
    """A time in the past with its zone, UTC by default, or `latest`. Raises Exit."""
    if moment == LATEST:
        return moment
    try:
        given = datetime.fromisoformat(moment)
    except ValueError as error:
        raise Exit(
            f"'{moment}' is not a time - write it like this: inv db.recover '2026-11-25 03:00:00+00:00'"
        ) from error
    given = given if given.tzinfo else given.replace(tzinfo=UTC)
    if given > (now or datetime.now(UTC)):
        raise Exit(f"{given} is in the future - to recover the last change: inv db.recover {LATEST}")
    return str(given)


def inside(project: Project, *words: str) -> shell.Words:
    """Run a command of the archive program in the running container."""
    return podman.execute(project.container("db"), "python3", *PROGRAM, *words)


def run_program(c: Context, words: shell.Words) -> str:
    """Run a command of the archive program and return its output. Raises Exit with its error."""
    result = shell.run(c, words, quiet=True, warn=True)
    if result.failed:
        raise Exit(shell.last_lines(result.stderr, 1))
    return str(result.stdout.strip())


def flush(c: Context, project: Project) -> None:
    """Let a running pod archive its changes up to now; if it cannot, `replay` reports what is missing."""
    if state.state(project).get("db", {}).get("State", {}).get("Running"):
        shell.run(c, inside(project, "flush"), quiet=True, warn=True)


def unpack(project: Project, name: str, target: str) -> shell.Words:
    """Fill a new volume with the last base backup before a time and the changes since, and print its time."""
    options = [
        *("--network", "none", "--tmpfs", "/tmp", "--entrypoint", "python3", "--env", f"POD={project.name}"),
        *("--volume", f"{name}:{staging.DATA}", "--volume", f"{volume(project)}:{FOLDER}:ro"),
    ]
    return podman.run(project.image("db"), *PROGRAM, "unpack", target, options=options, restricted=True)


def settings(target: str) -> dict[str, str]:
    """The settings of PostgreSQL that replay all commits up to a time, then open the database."""
    when = {} if target == LATEST else {"recovery_target_time": target, "recovery_target_action": "promote"}
    return {"archive_mode": "off"} | when


def replay(c: Context, container: str, target: str) -> None:
    """Wait until the target time is reached, or the end of all changes for `latest`. Raises Exit."""
    if c.config.run.dry:
        return
    shell.until(lambda: "changes" if progress(container)[0] == "going" else "", REPLAY_SECONDS, "replaying")
    how, last = progress(container)
    if how != "reached":
        if target != LATEST:
            raise Exit(f"the archive ends at {last}, before {target} - to recover all of it: inv db.recover {LATEST}")
        shell.run(c, [*inventory.psql(container, "postgres"), "--command=SELECT pg_promote()"], quiet=True)
    content = inventory.read(container)
    print(f"{target}: {len(content.tables)} tables, {content.rows} rows; the last change is of {last}")


def progress(container: str) -> tuple[str, str]:
    """The state of the replay (going, reached or ended) and the time of the last commit. Raises Exit."""
    answer = shell.capture([*inventory.psql(container, "postgres"), f"--command={STATE}"])
    if answer.returncode:
        raise Exit(f"the changes were not replayed: {shell.last_lines(answer.stderr, 1)} - ask for an earlier moment")
    how, _, last = answer.stdout.strip().partition(" ")
    return how, last
