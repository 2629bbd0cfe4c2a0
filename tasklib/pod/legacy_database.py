"""The legacy database: how the container of an import gets its URL, and the command of that import."""

import os
from pathlib import Path

from invoke import Exit

from tasklib.core.project import BUILD
from tasklib.core.shell import Words

URL = "LEGACY_DATABASE_URL"
FOLDER = BUILD / "legacy"  # the reports
INSIDE = f"/srv/src/{FOLDER}"  # the command runs in /srv/src, so it prints the same path as the caller sees
SQLITE = "sqlite:///"


def options() -> Words:
    """The options of `podman run` that pass on the URL and mount its file; none if the environment has no URL."""
    if file := os.environ.get(f"{URL}_FILE"):
        return [
            "--env",
            f"{URL}_FILE=/run/secrets/legacy",
            "--volume",
            f"{Path(file).resolve()}:/run/secrets/legacy:ro",
        ]
    url = os.environ.get(URL, "")
    # Without a value here, Podman reads it from its own environment: it holds a password.
    environment = ["--env", URL] if url else []
    file = url.removeprefix(SQLITE) if url.startswith(SQLITE) else ""
    return [*environment, *(["--volume", f"{file}:{file}:ro"] if file else [])]


def require() -> None:
    """Raise Exit if no legacy database is set."""
    if not options():
        raise Exit(f"no legacy database - set it: export {URL}=postgres://ROLE:PASSWORD@HOST/NAME")


def words(tables: list[str], limit: int, dry_run: bool, fresh: bool) -> Words:
    """The command for manage.py."""
    return [
        *("legacyimport", "--folder", str(FOLDER)),
        *(word for table in tables for word in ("--table", table)),
        *(["--limit", str(limit)] if limit else []),
        *(["--dry-run"] if dry_run else []),
        *(["--fresh"] if fresh else []),
    ]
