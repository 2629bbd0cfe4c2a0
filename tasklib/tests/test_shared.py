"""The table of what containers share lists every volume, secret and port, with tests that exist."""

import re
from pathlib import Path

import pytest

from tasklib.core import manifest
from tasklib.core.services import IN_EVERY_POD, POD_FILE, SERVICES

PAGE = Path("docs/architecture.md").read_text()
TABLE = PAGE[PAGE.index("## What containers share") : PAGE.index("## Decisions")]
ROWS = [line.strip("|").split("|") for line in TABLE.splitlines() if line.startswith("| ")][1:]
MANIFEST = manifest.read(POD_FILE)
PORTS = re.findall(r"^\| [\w-]+ \| `.+?` \| ([\d, ;()a-z]+) \|", PAGE, re.MULTILINE)


def mounted() -> dict[str, set[str]]:
    """The containers that mount each volume, by its name without the pod's."""
    found: dict[str, set[str]] = {}
    for name, container in MANIFEST.containers.items():
        for mount in container["volumeMounts"]:
            found.setdefault(mount["name"].removeprefix(f"{MANIFEST.name}-"), set()).add(name)
    return found


@pytest.mark.parametrize("volume", sorted(name for name, users in mounted().items() if len(users) > 1))
def test_shared_volume_has_a_row(volume):
    name = "stats-NAME" if volume.startswith("stats-") else volume
    assert any(f"`{name}`" in row[0] for row in ROWS)


@pytest.mark.parametrize("port", sorted({port for cell in PORTS for port in re.findall(r"\d{4}", cell)} - {"3000"}))
def test_port_has_a_row(port):
    assert any(port in row[0] for row in ROWS)


@pytest.mark.parametrize("test", sorted({test for row in ROWS for test in re.findall(r"`([^`]+)`", row[3])}))
def test_row_has_a_test(test):
    assert [*Path().glob(f"s*/**/{test}")]


def test_every_row_has_a_test():
    assert [row[0] for row in ROWS if "`" not in row[3]] == []


@pytest.mark.parametrize("service", IN_EVERY_POD)
def test_only_its_own_container_writes_a_volume(service):
    for name, container in MANIFEST.containers.items():
        for mount in container["volumeMounts"]:
            if mount["name"] == f"{MANIFEST.name}-stats-{service}":
                assert mount.get("readOnly", False) == (name != service)
                assert mount["mountPath"] == f"/run/stats/{service}"


def test_every_service_keeps_its_share_of_the_log():
    names = re.search(r"^SERVICES = \{(.+)\}", Path("services/log/logstore/share.py").read_text(), re.MULTILINE)
    assert {*SERVICES} <= {*re.findall(r'b"(.+?)"', names[1])}
