"""Containers of the tests: the test image with the tree mounted, and a database for one run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from invoke import Context, Exit

from tasklib.core import podman, shell
from tasklib.core.project import BUILD, Project
from tasklib.database import staging

# The image's data in memory: it is worth nothing after a crash, and a disk takes milliseconds for each commit.
IN_MEMORY = ["--tmpfs", "/var/lib/postgresql/data:mode=0700,U"]


@contextmanager
def database(c: Context, project: Project) -> Iterator[str]:
    """A container of the db image for one run of tests; yields the network that alone reaches it."""
    name = f"{project.name}-unit-{os.getpid()}"
    secrets = BUILD / "unit-secrets"
    for role in ("app", "migrator", "readonly"):
        # Only who joins this network can connect.
        shell.write(secrets / f"db-{role}" / "password", "test", shell.PUBLIC)
    # Another user reads them, under any umask.
    for folder in (secrets, *secrets.iterdir()):
        folder.chmod(0o755)
    options = ["--detach", "--name", name, "--network", "none", "--volume", f"./{secrets}:/run/secrets:ro", *IN_MEMORY,
               "--tmpfs", "/run/postgresql:mode=1777", "--tmpfs", "/tmp:mode=1777"]  # fmt: skip
    try:
        shell.run(c, podman.run(project.image("db"), options=options), quiet=True)
        if not staging.is_ready(c, name):
            raise Exit(f"the database of the tests did not start - look at: podman logs {name}")
        yield f"container:{name}"
    finally:
        shell.run(c, podman.rm(name), quiet=True, warn=True)


def in_test_image(project: Project, words: shell.Words, *options: str, network: str = "none") -> shell.Words:
    """Run a command in the test image with the tree on /repo; files that it writes belong to the caller."""
    environment = {
        "DJANGO_SECRET_KEY": "only-in-tests",
        "DJANGO_ADMIN": "true",
        "POSTGRES_USER": "migrator",
        "POSTGRES_PASSWORD": "test",
        "POSTGRES_OPTIONS": "-c role=owner",
        "LEGACY_DATABASE_URL": "postgres://migrator:test@127.0.0.1/legacy",
    }
    every = [
        *("--network", network, "--user", "0:0", "--cap-drop", "all", "--security-opt", "no-new-privileges"),
        *("--volume", "./:/repo", "--tmpfs", "/tmp"),
        *(["--interactive", "--tty"] if shell.is_terminal() else []),
        *(word for name, value in environment.items() for word in ("--env", f"{name}={value}")),
    ]
    return podman.run(project.image("test"), *words, options=[*every, *options])
