"""Print what an image holds, as JSON: Debian's packages, Python's, and what these bring along.

`inv sbom` gives this file to the Python of each image, which has nothing but the standard library for it.
"""

import contextlib
import email
import json
import platform
import sys
from collections.abc import Iterator
from importlib import import_module, metadata
from pathlib import Path

Package = dict[str, str]

STATUS = Path("/var/lib/dpkg/status.d")
NPM = Path("/etc").glob("*/package-lock.json")


def debian() -> Iterator[Package]:
    """The packages of which the image holds files: containers/base/collect.py."""
    for file in sorted(STATUS.iterdir()):
        fields = email.message_from_string(file.read_text())
        source = (fields["Source"] or fields["Package"]).split()[0]
        yield {
            "name": fields["Package"],
            "version": fields["Version"],
            "arch": fields["Architecture"],
            "source": source,
        }


def python() -> Iterator[tuple[Package, list[Package]]]:
    """The installed distributions, and the libraries that their wheels say they hold: https://peps.python.org/pep-0770/"""
    for distribution in metadata.distributions():
        yield {"name": distribution.name, "version": distribution.version}, bundled(distribution)


def bundled(distribution: metadata.Distribution) -> list[Package]:
    """The components in the documents of a distribution, besides itself."""
    files = [file for file in distribution.files or [] if ".dist-info/sboms/" in str(file)]
    documents = [json.loads(file.read_text()) for file in files if str(file).endswith(".json")]
    components = [component for document in documents for component in document.get("components", [])]
    return [{key: component.get(key, "") for key in ("name", "version", "purl")} for component in components]


def others() -> Iterator[Package]:
    """Contents that neither Debian's packages nor Python's name: Python itself, psycopg2's libpq, npm's packages."""
    yield generic("python", platform.python_version())
    with contextlib.suppress(ImportError):
        number = import_module("psycopg2").__libpq_version__
        yield generic("libpq", f"{number // 10000}.{number % 10000}")
    for lock in NPM:
        for place, package in json.loads(lock.read_text())["packages"].items():
            if place:
                name = place.rpartition("node_modules/")[2]
                yield {"name": name, "version": package["version"], "purl": f"pkg:npm/{name}@{package['version']}"}


def generic(name: str, version: str) -> Package:
    return {"name": name, "version": version, "purl": f"pkg:generic/{name}@{version}"}


if __name__ == "__main__":
    pairs = list(python())
    release = platform.freedesktop_os_release()
    json.dump(
        {
            "distro": f"{release['ID']}-{release['VERSION_ID']}",
            "debian": list(debian()),
            "python": [distribution for distribution, _ in pairs],
            "bundled": [*(component for _, components in pairs for component in components), *others()],
        },
        sys.stdout,
    )
