"""Make a CycloneDX document of what an image holds, read from standard input: python3 -m tasklib.testing.bill IMAGE.

It runs in the test image, which has the library of the format: https://cyclonedx-python-library.readthedocs.io
"""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL


def document(image: str, contents: Mapping[str, Any]) -> str:
    """The document as JSON."""
    bom = Bom()
    bom.metadata.component = Component(name=image, type=ComponentType.CONTAINER, bom_ref=image)
    for component in components(contents):
        bom.components.add(component)
    return JsonV1Dot6(bom).output_as_string(indent=1)


def components(contents: Mapping[str, Any]) -> Iterator[Component]:
    """Every package with the address by which scanners know it: https://github.com/package-url/purl-spec"""
    for package in contents["debian"]:
        more = {"arch": package["arch"], "distro": contents["distro"], "upstream": package["source"]}
        yield library(package, PackageURL("deb", "debian", package["name"], package["version"], more))
    for package in contents["python"]:
        yield library(package, PackageURL("pypi", None, package["name"], package["version"]))
    for package in contents["bundled"]:
        if package["purl"]:
            yield library(package, PackageURL.from_string(package["purl"]))


def library(package: Mapping[str, str], purl: PackageURL) -> Component:
    return Component(name=package["name"], version=package["version"], type=ComponentType.LIBRARY, purl=purl)


if __name__ == "__main__":
    print(document(sys.argv[1], json.load(sys.stdin)))
