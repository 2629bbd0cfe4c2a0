"""Containers of the server image beside the pod, which may change its tables."""

from tasklib.core.project import Project
from tasklib.core.shell import Words
from tasklib.pod import legacy_database


def manage_options(project: Project) -> Words:
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
        *legacy_database.options(),
    ]
