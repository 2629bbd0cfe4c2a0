"""Vendored packages: every locked dependency as a wheel for the image's Python, checked against the lock."""

import hashlib
import re
import shutil
import tomllib
from pathlib import Path

from invoke import Context, Exit

from tasklib.core import podman, shell
from tasklib.core.project import Project
from tasklib.images import host_settings

FOLDER = Path("wheels")
DRAFT = FOLDER / ".new"  # becomes the folder's content only when it is whole
REQUIREMENTS = Path("requirements")
NPM, NPM_LOCK = Path("containers/metrics/npm.py"), Path("services/metrics/package-lock.json")
HOST = "host"  # the group of packages that no image has


def groups() -> list[str]:
    """The groups of pyproject.toml that are installed into images."""
    return [name for name in tomllib.loads(Path("pyproject.toml").read_text())["dependency-groups"] if name != HOST]


def vendor(c: Context, project: Project) -> None:
    """Download or compile every package into wheels/. Raises Exit."""
    shutil.rmtree(DRAFT, ignore_errors=True)
    DRAFT.mkdir()
    try:
        settings = host_settings.secrets()
        shell.run(c, pip_wheel(project.image("wheels"), settings))
        shell.run(c, npm_packages(project.image("wheels"), settings))
        if c.config.run.dry:
            return
        for group in groups():
            (DRAFT / f"{group}.txt").write_text(pinned((REQUIREMENTS / f"{group}.txt").read_text(), hashes(DRAFT)))
        clear()
        for file in DRAFT.iterdir():
            file.rename(FOLDER / file.name)
    finally:
        shutil.rmtree(DRAFT, ignore_errors=True)
    print(f"{len(hashes(FOLDER))} wheels in {FOLDER}/; from now on images are built from them, without an index")


def pip_wheel(image: str, settings: dict[str, Path]) -> shell.Words:
    """Build wheels of all groups; pip itself checks what it downloads against the hashes of the lock."""
    lists = [word for group in groups() for word in ("--requirement", f"/requirements/{group}.txt")]
    mounts = [f"./{DRAFT}:/wheels", f"./{REQUIREMENTS}:/requirements:ro",
              f"./{settings['pip']}:/etc/pip.conf:ro", f"./{settings['ca']}:/run/secrets/ca:ro"]  # fmt: skip
    return podman.run(
        image, "pip", "wheel", "--quiet", "--require-hashes", "--wheel-dir", "/wheels", *lists,
        options=[word for mount in mounts for word in ("--volume", mount)],
    )  # fmt: skip


def npm_packages(image: str, settings: dict[str, Path]) -> shell.Words:
    """Download the packages of npm, each checked against its lock: containers/metrics/npm.py."""
    mounts = [f"./{DRAFT}:/packages", f"./{NPM}:/npm.py:ro", f"./{NPM_LOCK}:/package-lock.json:ro",
              f"./{settings['npm']}:/run/secrets/npm:ro", f"./{settings['ca']}:/run/secrets/ca:ro"]  # fmt: skip
    return podman.run(
        image, "python3", "/npm.py", "/package-lock.json", "/packages",
        options=[word for mount in mounts for word in ("--volume", mount)],
    )  # fmt: skip


def clear() -> None:
    """Remove the packages and their lists."""
    for file in FOLDER.iterdir():
        if file.suffix in (".whl", ".txt", ".tgz"):
            file.unlink()


def vendored() -> bool:
    """Whether builds install from the folder."""
    return (FOLDER / "server.txt").exists()


def verify() -> None:
    """Check every vendored wheel against its recorded hash and the lists against the lock. Raises Exit."""
    if not vendored():
        return
    hashes_by_name = hashes(FOLDER)
    for group in groups():
        source, made = text(REQUIREMENTS / f"{group}.txt"), text(FOLDER / f"{group}.txt")
        if not made.startswith(head(source)):
            raise Exit(f"{FOLDER}/ was made for another {REQUIREMENTS}/{group}.txt - make it anew: inv wheels")
        for digest, name in re.findall(r"--hash=sha256:(\S+)  # (\S+)", made):
            if name not in hashes_by_name:
                raise Exit(f"{FOLDER}/{name} is missing - get it again: inv wheels")
            if hashes_by_name[name] != digest:
                raise Exit(f"{FOLDER}/{name} has another hash than the lock - remove it and type: inv wheels")


def text(file: Path) -> str:
    """The text of a list; empty where a group is new and has none yet."""
    return file.read_text() if file.exists() else ""


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of each wheel in a folder, by file name."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.glob("*.whl"))}


def head(requirements: str) -> str:
    """The first lines of a vendored list: the hash of its source, and options that make pip use only the folder."""
    return f"# {hashlib.sha256(requirements.encode()).hexdigest()}\n--no-index\n--find-links /wheels\n"


def pinned(requirements: str, wheels: dict[str, str]) -> str:
    """The list of packages with the hash of the one wheel of each.

    A wheel that came from the index has one of the lock's hashes; one that was compiled here, from a source whose hash
    pip has checked, gets its own.
    """
    lines = [head(requirements)]
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", requirements, flags=re.MULTILINE):
        prefix = f"{name.lower().replace('-', '_')}-{version}-"
        for wheel, digest in wheels.items():
            if wheel.lower().replace("-", "_", wheel.count("-") - 4).startswith(prefix):
                lines.append(f"{name}=={version} --hash=sha256:{digest}  # {wheel}\n")
    return "".join(lines)
