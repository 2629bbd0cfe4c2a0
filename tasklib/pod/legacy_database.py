"""The legacy database: how the container of an import gets its URL, and the command of that import."""

import os
from pathlib import Path

from invoke import Exit

from tasklib.core.menu import given_path
from tasklib.core.project import BUILD
from tasklib.core.shell import Words

URL = "LEGACY_DATABASE_URL"
FOLDER = BUILD / "legacy"  # the reports
INSIDE = f"/srv/src/{FOLDER}"  # the command runs in /srv/src, so it prints the same path as the caller sees
SQLITE = "sqlite:///"
MOUNTED = "/run/secrets/legacy"


def mount() -> tuple[Path, str] | None:
    """The file that the container reads, with the URL or with the rows, and the path where it finds it."""
    url = os.environ.get(URL, "")
    if file := os.environ.get(f"{URL}_FILE"):
        return given_path(file).resolve(), MOUNTED
    return (Path(url.removeprefix(SQLITE)), url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


def options() -> Words:
    """The options of `podman run` that pass on the URL and mount its file; none if the environment has no URL."""
    file = mount()
    volume = ["--volume", f"{file[0]}:{file[1]}:ro"] if file else []
    if os.environ.get(f"{URL}_FILE"):
        return ["--env", f"{URL}_FILE={MOUNTED}", *volume]
    # Without a value here, Podman reads it from its own environment: it holds a password.
    return ["--env", URL, *volume] if os.environ.get(URL) else []


def require() -> None:
    """Raise Exit if no legacy database is set, or if its file cannot be read."""
    if not options():
        raise Exit(f"no legacy database - set it: export {URL}=postgres://ROLE:PASSWORD@HOST/NAME")
    if not (found := mount()):
        return
    path, _ = found
    if not path.is_absolute():
        raise Exit(f"'{path}' in {URL} is not a whole path - write: {SQLITE}{given_path(str(path)).resolve()}")
    if not path.is_file():
        raise Exit(f"{path} does not exist, or is not a file - look at: echo ${URL} ${URL}_FILE")
    if not os.access(path, os.R_OK):
        raise Exit(f"{path} cannot be read - look at its owner and mode: ls -l {path}")


def words(tables: list[str], limit: int, dry_run: bool, fresh: bool) -> Words:
    """The command for manage.py."""
    return [
        *("legacyimport", "--folder", str(FOLDER)),
        *(word for table in tables for word in ("--table", table)),
        *(["--limit", str(limit)] if limit else []),
        *(["--dry-run"] if dry_run else []),
        *(["--fresh"] if fresh else []),
    ]
