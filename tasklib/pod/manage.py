"""Running manage.py in a container of its own, with the rights of a migration."""

import io
import secrets

from invoke import Context

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.core.shell import Words
from tasklib.pod import state
from tasklib.pod.legacy_database import options as legacy_options

# The commands of Django that write migrations, and the tree for them; what they write belongs to the caller.
WRITERS = [["makemigrations"], ["optimizemigration"], ["squashmigrations"]]
SOURCES = [
    *("--user", "0:0", "--env", "PYTHONDONTWRITEBYTECODE=1"),
    *("--volume", "./services/server/src:/srv/src"),
]


def manage_options(project: Project) -> Words:
    """The options of the container `server` in pod.yaml, with the password of the migrator."""
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
        *legacy_options(),
    ]


def manage(c: Context, project: Project, words: Words) -> None:
    """Run manage.py in another container of the pod, as the role that owns the tables. Raises Exit."""
    state.require(project, "db")
    terminal = ["--tty"] if shell.is_terminal() else []
    options = [*manage_options(project), *terminal, *(SOURCES if words[:1] in WRITERS else [])]
    shell.attach(c, podman.run(project.image("server"), "manage.py", *words, options=options))


def create_user(c: Context, project: Project, *words: str) -> str:
    """Create a user with these options of `create_user`; return the password. Raises UnexpectedExit."""
    password = secrets.token_urlsafe(24)
    command = podman.run(project.image("server"), "manage.py", "create_user", *words, options=manage_options(project))
    shell.run(c, command, quiet=True, in_stream=io.StringIO(f"{password}\n"))
    return password
