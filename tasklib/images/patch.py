"""Debian's fixes: bring them into all images, and tell how old those of an image are."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from invoke import Context

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.core.services import IN_EVERY_POD, every_image
from tasklib.images import build, store

# Prints a line for each package of an image: its name and version.
LIST = """
import email, pathlib
for file in sorted(pathlib.Path("/var/lib/dpkg/status.d").iterdir()):
    fields = email.message_from_string(file.read_text())
    print(fields["Package"], fields["Version"])
"""
OLD_DAYS = 30


def patch(c: Context, project: Project) -> None:
    """Build all images from Debian's newest packages, and print what has changed. Raises Exit."""
    present = [name for name in IN_EVERY_POD if project.image(name) in store.ids(project.image(name))]
    before = {name: packages(project, name) for name in present}
    build.build(c, project, ["base"], cache=False)
    build.build(c, project, every_image())
    if not c.config.run.dry:
        for name in present:
            shell.console.print("\n".join(changes(name, before[name], packages(project, name))))


def packages(project: Project, name: str) -> dict[str, str]:
    """The version of each Debian package in an image."""
    words = podman.run(project.image(name), "-c", LIST, options=["--network", "none", "--entrypoint", "python3"])
    return dict(line.split() for line in shell.capture(words).stdout.splitlines())


def changes(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """A line for each package of an image whose version is another than before."""
    changed = [package for package in after if before.get(package, "") not in ("", after[package])]
    lines = [f"{name}: {package} {before[package]} -> {after[package]}" for package in changed]
    return lines or [f"{name}: no package has changed"]


def age(day: str, today: date | None = None) -> str:
    """The age of the packages that Debian had on a day, and the command that brings newer ones if it is high."""
    try:
        days = ((today or datetime.now(UTC).date()) - date.fromisoformat(day)).days
    except ValueError:
        return "unknown - build the images again: inv patch"
    words = f"of {day}, {days} {'day' if days == 1 else 'days'} old" if days > 0 else f"of {day}, today"
    return words if days <= OLD_DAYS else f"{words} - bring Debian's fixes: inv patch"
