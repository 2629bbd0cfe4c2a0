"""`inv status`, Grafana and Prometheus agree."""

import re
from pathlib import Path

import pytest

from tasklib.core.project import Project
from tasklib.status import disk, page


def text(path):
    return Path(path).read_text()


def found(pattern, path):
    """The one value that a pattern finds in a file."""
    return re.search(pattern, text(path), re.MULTILINE).group(1)


def container(service):
    manifest = Project("other", graph=True).manifest
    return manifest.containers[service]


def test_page_is_as_new_as_what_prometheus_knows():
    assert found(r"scrape_interval: (\d+)s", "services/metrics/prometheus.yml") == str(page.WATCH_SECONDS)


@pytest.mark.parametrize("volume", disk.LIMITS)
def test_bound_of_a_volume_is_the_documented_one(volume):
    assert f"volume `{volume}`, {disk.LIMITS[volume]} at most" in text("docs/architecture.md")


def test_node_of_a_copy_is_its_name():
    manifest = Project("other").manifest
    metrics = manifest.containers["metrics"]
    assert {"name": "NODE", "value": "other"} in metrics["env"]
