"""Upgrading the data to another PostgreSQL major version: dumped by the old image, restored, compared, swapped."""

import contextlib
import subprocess
from collections.abc import Iterator

from invoke import Context, Exit

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.core.services import DATABASE, MAJOR
from tasklib.database import inventory, pipes, restore, staging
from tasklib.images import store
from tasklib.volumes import contents

SEQUENCES = "SELECT schemaname, sequencename, last_value FROM pg_sequences ORDER BY 1, 2"
OTHERS = (
    "SELECT datname FROM pg_database"
    " WHERE datname NOT IN ('service', 'test_service', 'initial', 'postgres') AND NOT datistemplate"
)


def upgrade(c: Context, project: Project) -> list[str]:
    """Upgrade the data to the image's PostgreSQL and start the pod; the old data is kept.

    Return the services that are not healthy, without which the pod serves. Raises Exit.
    """
    store.require_images(project, project.manifest.services)
    old = major(project)
    if old == MAJOR:
        print(f"the data is of PostgreSQL {MAJOR}, as the image - nothing to do")
        return []
    image = f"{project.image('db')}:{old}"
    if shell.capture(podman.image_exists(image)).returncode:
        raise Exit(f"no image {image} to read the data with - build it in a checkout of its release: inv build db")
    with staging.volume(c, project) as volume:
        return staging.swap(c, project, volume, lambda: carry(c, project, image, volume))


def major(project: Project) -> str:
    """The PostgreSQL major version of the pod's data. Raises Exit if there is no data."""
    version = contents.major(project.image("db"), staging.claim(project))
    if not version:
        raise Exit(
            f"no data in volume {staging.claim(project)}, so there is nothing to upgrade - start the pod: inv up"
        )
    return version


def carry(c: Context, project: Project, image: str, volume: str) -> None:
    """Copy the database into a new volume, and compare the two. Raises Exit."""
    with (
        reading(c, project, image) as source,
        staging.running(c, project, volume, restore.FAST) as target,
    ):
        if c.config.run.dry:
            return
        for name in inventory.rows(source, OTHERS):
            print(f"database {name} is not the project's, and stays in the old volume alone")
        shell.run(c, podman.execute(target, "dropdb", DATABASE), quiet=True)
        # With the new image's own locale: it may not know that of the old one.
        shell.run(c, podman.execute(target, "createdb", "--owner=owner", DATABASE), quiet=True)
        dump = podman.execute(source, "pg_dump", "--format=custom", "--compress=0", DATABASE)
        load = podman.execute(target, "pg_restore", "--exit-on-error", f"--dbname={DATABASE}")
        with pipes.piped(dump, stdout=subprocess.PIPE) as process:
            pipes.feed(c, load, pipes.pipe(process.stdout), "copying")
        require_equal(source, target)
        shell.run(c, podman.execute(target, "vacuumdb", "--analyze-only", "--quiet", DATABASE), quiet=True)


@contextlib.contextmanager
def reading(c: Context, project: Project, image: str) -> Iterator[str]:
    """A container of the old image on the pod's volume, without a network, stopped cleanly at the end."""
    name = f"{project.name}-db-old"
    try:
        shell.run(c, staging.serve(image, name, staging.claim(project), {}), quiet=True)
        if not staging.is_ready(c, name):
            raise Exit("the old PostgreSQL did not start on its data - look at the machine: inv doctor")
        yield name
    finally:
        shell.run(c, podman.stop(name, staging.STOP_SECONDS), quiet=True, warn=True)


def require_equal(source: str, target: str) -> None:
    """Raise Exit if a table or a sequence differs after the copy."""
    wanted = inventory.read(source, "postgres")  # an older image may have no role for backups
    different = inventory.differences(wanted, inventory.read(target))
    if inventory.rows(source, SEQUENCES) != inventory.rows(target, SEQUENCES):
        different.append("a sequence has another value")
    if different:
        print("\n".join(different))
        raise Exit("the copy differs from the data (above: where), which is unchanged - look at: inv logs db")
    print(f"{len(wanted.tables)} tables, {wanted.rows} rows, all as they were in PostgreSQL {wanted.postgres}")
