"""`inv up --graph` adds Grafana, as a stand-in here that a registry of the tests' own serves."""

import json
import shutil
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request

import pytest

from support.checkout import direct
from support.commands import podman
from support.registry import serving

STANDIN = Path(__file__).parent / "standin"
RECIPE = """FROM {base}
COPY --chmod=0777 data /var/lib
COPY --chmod=0755 run.py /run.sh
COPY --chmod=0755 curl.py /usr/bin/curl
ENTRYPOINT ["/run.sh"]
"""
NAME = "grafana/grafana:1"
STRANGERS = [("Host", "evil.example"), ("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site")]


@pytest.fixture
def registry(copy, tmp_path):
    """A registry that has the stand-in."""
    shutil.copytree(STANDIN, tmp_path / "standin")
    (tmp_path / "standin" / "data" / "grafana").mkdir(parents=True)
    (tmp_path / "standin" / "Containerfile").write_text(RECIPE.format(base=f"localhost/{copy.name}-log"))
    tag = f"localhost/{copy.name}-standin"
    # Podman would look through the cache, where others may remove layers meanwhile.
    built = podman("build", "--no-cache", "--tag", tag, str(tmp_path / "standin"))
    assert built.code == 0, built.output
    saved = podman("save", "--format", "oci-dir", "--output", str(tmp_path / "layout"), tag)
    assert saved.code == 0, saved.output
    podman("image", "rm", tag)
    with serving(tmp_path / "layout") as registry:
        yield registry
        podman("image", "rm", "--ignore", f"{registry.address}/grafana/grafana@{registry.digest}")


@pytest.fixture
def graph(copy, registry, tmp_path):
    """The settings that point the tasks to the registry."""
    config = tmp_path / "registries.conf"
    config.write_text(f'[[registry]]\nlocation = "{registry.address}"\ninsecure = true\n')
    source = f"{registry.address}/{NAME}@{registry.digest}"
    return {"CONTAINERS_REGISTRIES_CONF": str(config), "INVOKE_GRAFANA": source}


def given(copy) -> dict:
    """The report of the stand-in on its container."""
    with direct.open(copy.url("metrics-graph"), timeout=10) as answer:
        return json.load(answer)


def refused(copy, header: str, value: str) -> int:
    """The status that a page elsewhere gets."""
    request = Request(copy.url("metrics-graph"), headers={header: value})
    with pytest.raises(HTTPError) as error:
        direct.open(request, timeout=10)
    return error.value.code


def test_graph_joins_the_pod_and_stays(copy, graph):
    result = copy.inv("up", "--graph", environment=graph)
    assert result.code == 0, result.output
    told = given(copy)
    assert (told["uid"], told["writable"], told["environment"]) == (10006, ["/var/lib/grafana", "/tmp"], [])
    assert told["password"] >= 48
    assert {"grafana.ini", "dashboards/overview.json", "provisioning/datasources/metrics.yaml"} <= {*told["settings"]}

    assert [refused(copy, *header) for header in STRANGERS] == [421, 403, 403]

    before = copy.ids()
    assert copy.inv("up").code == 0
    assert copy.ids() == before
    assert "metrics-graph   healthy" in copy.inv("status").output

    assert copy.inv("down").code == 0
    assert copy.leftovers() == []


def test_without_a_registry_nothing_changes(copy):
    assert copy.inv("up").code == 0
    before = copy.ids()
    result = copy.inv("up", "--graph", environment={"INVOKE_GRAFANA": f"127.0.0.1:9/{NAME}"})
    assert result.code == 1
    assert result.last_line == (
        f"no registry gives 127.0.0.1:9/{NAME}; nothing was changed - go on without Grafana: inv up"
    )
    assert copy.ids() == before
