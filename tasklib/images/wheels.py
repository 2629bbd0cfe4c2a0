"""Vendored packages: every locked dependency for the image's Python, checked against the lock under git."""

import hashlib
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

from invoke import Context, Exit

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.images import host_settings

FOLDER = Path("wheels")
DRAFT = FOLDER / ".new"  # becomes the folder's content only when it is whole
REQUIREMENTS = Path("requirements")
NPM = Path("containers/metrics/npm.py")
NPM_LOCKS = [Path("services/metrics/package-lock.json"), Path("system-test/generators/package-lock.json")]
HOST = "host"  # the group of packages that no image has
PYTHON = (".whl", ".tar.gz", ".zip")  # wheels, and sources of what has none
# The build arguments by which pip installs from the folder alone.
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels"}
OTHER_SYSTEM = re.compile(r"== '(win32|Windows|darwin|Darwin)'")


def groups() -> list[str]:
    """The groups of pyproject.toml that are installed into images."""
    return [name for name in tomllib.loads(Path("pyproject.toml").read_text())["dependency-groups"] if name != HOST]


def vendor(c: Context, project: Project) -> None:
    """Download every package into wheels/. Raises Exit."""
    shutil.rmtree(DRAFT, ignore_errors=True)
    DRAFT.mkdir()
    try:
        settings = host_settings.secrets()
        shell.run(c, pip_download(project.image("wheels"), settings))
        for npm_lock in filter(Path.exists, NPM_LOCKS):
            shell.run(c, npm_packages(project.image("wheels"), settings, npm_lock))
        if c.config.run.dry:
            return
        clear()
        for file in DRAFT.iterdir():
            file.rename(FOLDER / file.name)
    finally:
        shutil.rmtree(DRAFT, ignore_errors=True)
    print(f"{len(hashes(FOLDER))} packages in {FOLDER}/; from now on images are built from them, without an index")


def pip_download(image: str, settings: dict[str, Path]) -> shell.Words:
    """Download the packages of all groups for the image's Python; pip checks them against the hashes of the lock."""
    lists = [word for group in groups() for word in ("--requirement", f"/requirements/{group}.txt")]
    mounts = [f"./{DRAFT}:/wheels", f"./{REQUIREMENTS}:/requirements:ro",
              f"./{settings['pip']}:/etc/pip.conf:ro", f"./{settings['ca']}:/run/secrets/ca:ro"]  # fmt: skip
    return podman.run(
        image, "pip", "download", "--quiet", "--require-hashes", "--no-build-isolation", "--dest", "/wheels", *lists,
        options=[word for mount in mounts for word in ("--volume", mount)],
    )  # fmt: skip


def npm_packages(image: str, settings: dict[str, Path], npm_lock: Path) -> shell.Words:
    """Download the packages of npm that a lock names, each checked against it: containers/metrics/npm.py."""
    mounts = [f"./{DRAFT}:/packages", f"./{NPM}:/npm.py:ro", f"./{npm_lock}:/package-lock.json:ro",
              f"./{settings['npm']}:/run/secrets/npm:ro", f"./{settings['ca']}:/run/secrets/ca:ro"]  # fmt: skip
    return podman.run(
        image, "python3", "/npm.py", "/package-lock.json", "/packages",
        options=[word for mount in mounts for word in ("--volume", mount)],
    )  # fmt: skip


def clear() -> None:
    """Remove the packages."""
    for file in FOLDER.iterdir():
        if file.name.endswith((*PYTHON, ".tgz")):
            file.unlink()


def vendored() -> bool:
    """Whether builds install from the folder."""
    return any(FOLDER.glob("*.whl"))


def verify() -> None:
    """Check that the vendored packages are exactly those of the lists under git. Raises Exit."""
    if not vendored():
        return
    lists = "".join((REQUIREMENTS / f"{group}.txt").read_text() for group in groups())
    locked = dict(requirements(lists))
    known, present = {digest for digests in locked.values() for digest in digests}, hashes(FOLDER)
    for name, digest in present.items():
        if digest not in known:
            raise Exit(f"{FOLDER}/{name} is not what the lock names - remove it, and type: inv wheels")
    for package, digests in locked.items():
        if not digests & {*present.values()}:
            raise Exit(f"{package} is not in {FOLDER}/ - get it: inv wheels")


def requirements(lists: str) -> Iterator[tuple[str, set[str]]]:
    """Each package that an image installs, as NAME==VERSION, with the hashes of its files."""
    for package, marker, rest in re.findall(r"^(\S+==\S+)(.*)\\\n((?:    --hash=.+\n?)+)", lists, flags=re.MULTILINE):
        if not OTHER_SYSTEM.search(marker):
            yield package, {*re.findall(r"sha256:(\w+)", rest)}


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of each Python package in a folder, by file name."""
    files = [file for file in sorted(folder.iterdir()) if file.name.endswith(PYTHON)]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
