"""Looking into the pod: its lines, an interactive tool, and Django's own commands."""

import io
import secrets

from invoke import Context

from tasklib import lifecycle, podman
from tasklib import shell as door
from tasklib.project import Project

# What `inv shell` opens; the images have no shell.
TOOLS = {
    "server": ["python3", "manage.py", "shell"],
    "db": ["psql", "--dbname=service"],
    "log": ["python3"],
    "metrics": ["python3"],
}


def logs(c: Context, project: Project, service: str | None, follow: bool, request_id: str, lines: int) -> None:
    """Show the stored lines; raises Exit when the log container does not run."""
    lifecycle.require_running(project, "log")
    words = [
        *(["--service", service] if service else []),
        *(["--request-id", request_id] if request_id else []),
        *(["--follow"] if follow else []),
    ]
    command = ["python3", "/etc/log/search.py", "--lines", str(lines), *words]
    door.attach(c, podman.execute(project.container("log"), *command, terminal=door.is_terminal()))


def shell(c: Context, project: Project, service: str) -> None:
    """Open the tool of a container. Raises Exit."""
    lifecycle.require_running(project, service)
    door.attach(c, podman.execute(project.container(service), *TOOLS[service], terminal=door.is_terminal()))


def manage(c: Context, project: Project, words: door.Words) -> None:
    """Run manage.py in a container of its own inside the pod, as the role that owns the tables. Raises Exit."""
    lifecycle.require_running(project, "db")
    terminal = ["--tty"] if door.is_terminal() else []
    options = [*manage_options(project), *terminal]
    door.attach(c, podman.run(project.image("server"), "manage.py", *words, options=options))


def create_user(c: Context, project: Project, *words: str) -> str:
    """Make a user who may log in, by words for `create_user`; return the password. Raises UnexpectedExit."""
    password = secrets.token_urlsafe(24)
    command = podman.run(project.image("server"), "manage.py", "create_user", *words, options=manage_options(project))
    door.run(c, command, quiet=True, in_stream=io.StringIO(f"{password}\n"))
    return password


def manage_options(project: Project) -> door.Words:
    """Like the container `server` in pod.yaml, but with the password of the migrator."""
    folder = "/run/secrets"
    environment = {
        "DJANGO_SECRET_KEY_FILE": f"{folder}/server/secret-key",
        "POSTGRES_PASSWORD_FILE": f"{folder}/db-migrator/password",
        "POSTGRES_USER": "migrator",
        "POSTGRES_OPTIONS": "-c role=owner",
        # Its tables are migrated with all others.
        "DJANGO_ADMIN": "true",
    }
    return [
        *("--pod", project.name, "--entrypoint", "python3", "--group-add", "0", "--read-only", "--cap-drop", "all"),
        "--interactive",
        *(word for name, value in environment.items() for word in ("--env", f"{name}={value}")),
        *("--volume", f"{project.name}-server:{folder}/server:ro"),
        *("--volume", f"{project.name}-db-migrator:{folder}/db-migrator:ro"),
    ]
