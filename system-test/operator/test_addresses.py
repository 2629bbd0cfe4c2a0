"""Every address that a task, a document or an alert tells a person leads somewhere."""

import re
import urllib.error

import pytest

from support.checkout import PORTS, direct
from support.pods import ROOT

ADDRESS = re.compile(
    r"\bhttp://(?:localhost|127\.0\.0\.1):(\d++)(/[^\s`)\"'|;>]*+)?(?!;)"
)  # with ; it is a line of nginx
# What a person reads: the manual, the alerts with what to do, the pages of Grafana and Prometheus, the settings.
TEXTS = ["README.md", "docs/*.md", "services/*/*.yml", "services/*/*/*.html", "services/*/*/*.json", "*.yaml"]
BY_PORT = {port: service for service, port in PORTS.items()}
OPTIONAL = {"metrics-graph"}  # only with `inv up --graph`, which needs an image from a registry


def told() -> set[tuple[str, str]]:
    """The service and path of each address in the texts; other ports are inside the pod or another program's."""
    texts = [path.read_text() for pattern in TEXTS for path in ROOT.glob(pattern)]
    pairs = [(BY_PORT.get(int(port)), path or "/") for text in texts for port, path in ADDRESS.findall(text)]
    return {(service, path) for service, path in pairs if service and service not in OPTIONAL}


def status(url: str) -> int:
    try:
        with direct.open(url, timeout=10) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize(("service", "path"), sorted(told()))
def test_address_in_a_text_leads_somewhere(running, service, path):
    assert status(running.url(service) + path) == 200


@pytest.mark.parametrize("task", ["up", "status"])
def test_address_that_a_task_prints_leads_somewhere(running, task):
    output = running.inv(task, environment={"COLUMNS": "200"}).output
    urls = [match[0] for match in ADDRESS.finditer(output)]
    assert len(urls) >= 2
    assert {url: status(url) for url in urls if status(url) != 200} == {}


def test_no_text_tells_a_fixed_port_of_a_copy():
    # A copy has other ports; an alert is read in every copy.
    assert ADDRESS.findall((ROOT / "services/metrics/alerts.yml").read_text()) == []
    assert "localhost:" not in (ROOT / "services/metrics/alerts.yml").read_text()
