"""The database of an older application, as a container beside the pod gets it."""

import os
from pathlib import Path

from invoke import Exit

from tasklib.core.project import BUILD
from tasklib.core.shell import Words

URL = "LEGACY_DATABASE_URL"
FOLDER = BUILD / "legacy"  # the reports
INSIDE = f"/srv/src/{FOLDER}"  # so that the command, which runs in /srv/src, names them as the caller does
SQLITE = "sqlite:///"


def options() -> Words:
    """Hand the database on that the caller's environment names; nothing where it names none."""
    if file := os.environ.get(f"{URL}_FILE"):
        return [
            "--env",
            f"{URL}_FILE=/run/secrets/legacy",
            "--volume",
            f"{Path(file).resolve()}:/run/secrets/legacy:ro",
        ]
    url = os.environ.get(URL, "")
    # Podman takes the value from its own environment: it holds a password.
    named = ["--env", URL] if url else []
    file = url.removeprefix(SQLITE) if url.startswith(SQLITE) else ""
    return [*named, *(["--volume", f"{file}:{file}:ro"] if file else [])]


def require() -> None:
    """Raise Exit where no older database is named."""
    if not options():
        raise Exit(f"no older database - name it: export {URL}=postgres://ROLE:PASSWORD@HOST/NAME")


def words(tables: list[str], limit: int, dry_run: bool, fresh: bool) -> Words:
    """The command of manage.py."""
    return [
        *("legacyimport", "--folder", str(FOLDER)),
        *(word for table in tables for word in ("--table", table)),
        *(["--limit", str(limit)] if limit else []),
        *(["--dry-run"] if dry_run else []),
        *(["--fresh"] if fresh else []),
    ]
