"""Fetch the packages of a package-lock.json from npm's registry: python3 npm.py LOCK FOLDER.

A package that is vendored in /wheels is taken from there. Every one must have the hash in the lock.
"""

import base64
import hashlib
import json
import ssl
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

VENDORED = Path("/wheels")
SECRETS = Path("/run/secrets")  # tasklib/images/host_settings.py
REGISTRY = "https://registry.npmjs.org"
SECONDS = 60.0


def locked(lock: Path) -> Iterator[tuple[str, str, str, str]]:
    """The place below which each package lies, its name, version and hash."""
    for place, package in json.loads(lock.read_text())["packages"].items():
        if place:
            yield place, place.rpartition("node_modules/")[2], package["version"], package["integrity"]


def archive(name: str, version: str) -> str:
    """The name of a package's file, as `npm pack` writes it."""
    return f"{name.lstrip('@').replace('/', '-')}-{version}.tgz"


def integrity(content: bytes) -> str:
    """The hash in the form of https://www.w3.org/TR/SRI/"""
    return f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}"


def download(name: str, version: str) -> bytes:
    """A package from the registry that the host names. Raises OSError."""
    setting, authorities = SECRETS / "npm", SECRETS / "ca"
    registry = (setting.read_text().strip() if setting.exists() else "") or REGISTRY
    trusted = authorities if authorities.exists() and authorities.stat().st_size else None
    url = f"{registry.rstrip('/')}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
    with urllib.request.urlopen(url, timeout=SECONDS, context=ssl.create_default_context(cafile=trusted)) as response:
        return bytes(response.read())


def main(lock: Path, folder: Path) -> str | None:
    """Put every package into the folder; return what is wrong, or None."""
    folder.mkdir(parents=True, exist_ok=True)
    for _, name, version, digest in locked(lock):
        vendored = VENDORED / archive(name, version)
        try:
            content = vendored.read_bytes() if vendored.exists() else download(name, version)
        except OSError as error:
            return (
                f"npm does not give {name} {version}: {error} - try again, or vendor it where npm answers: inv wheels"
            )
        if integrity(content) != digest:
            return (
                f"{archive(name, version)} has another hash than {lock} - remove it from wheels/, and type: inv wheels"
            )
        (folder / archive(name, version)).write_bytes(content)
    return None


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
