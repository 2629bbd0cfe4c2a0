"""A Prometheus above two pods has their very sums."""

import json
import random
import urllib.parse

import pytest

from support.checkout import direct, is_open
from support.commands import podman

REQUESTS = "pod:requests:rate5m"
PROMETHEUS = [
    *("--config.file=/etc/metrics/cascade.yml", "--enable-feature=expand-external-labels"),
    "--storage.tsdb.path=/var/lib/prometheus",
]


class Prometheus:
    """One that listens on this machine, asked by its HTTP interface."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, query: str, **more: str) -> list[dict]:
        words = urllib.parse.urlencode({"query": query, **more})
        with direct.open(f"{self.url}/api/v1/query?{words}", timeout=10) as answer:
            return json.load(answer)["data"]["result"]

    def value(self, query: str, time: float) -> float:
        """The sum of what a query finds at that time."""
        return sum(float(sample["value"][1]) for sample in self.ask(query, time=f"{time:.3f}"))

    def stored(self, query: str) -> dict[str, tuple[float, float]]:
        """The newest time and number of each node, as they are stored."""
        return {
            sample["metric"]["node"]: tuple(map(float, sample["values"][-1])) for sample in self.ask(f"{query}[1m]")
        }


@pytest.fixture
def pods(running, copy):
    """Two pods, by the names that Prometheus knows them by."""
    assert copy.inv("up", environment={"INVOKE_NODE": "second"}).code == 0
    return {running.name: running, "second": copy}


@pytest.fixture
def below(pods):
    """Their Prometheus."""
    return {node: Prometheus(pod.url("metrics")) for node, pod in pods.items()}


@pytest.fixture
def above(copy, below, tmp_path):
    """A Prometheus above them."""
    port = next(port for port in iter(lambda: random.randrange(23000, 30000), None) if not is_open(port))
    targets = [one.url.removeprefix("http://") for one in below.values()]
    (tmp_path / "below.yml").write_text(json.dumps([{"targets": targets}]))
    name, files = f"{copy.name}-cascade", f"{tmp_path}/below.yml:/etc/cascade/below.yml:ro"
    words = ["--network", "host", "--read-only", "--cap-drop", "all", "--env", "TEAM=shop", "--volume", files]
    image = f"localhost/{copy.images}-metrics"
    command = [*("--entrypoint", "prometheus", image), *PROMETHEUS, f"--web.listen-address=127.0.0.1:{port}"]
    started = podman("run", "--detach", "--name", name, *words, "--volume", "/var/lib/prometheus", *command)
    assert started.code == 0, started.output
    yield Prometheus(f"http://127.0.0.1:{port}")
    podman("rm", "--force", "--volumes", "--time", "0", name)


def test_sums_above_are_those_of_the_pods(pods, below, above, eventually):
    def used():
        """The series stored above, once both pods have been used between two scrapes."""
        for requests, pod in enumerate(pods.values(), start=1):
            [pod.answers() for _ in range(requests)]
        try:
            stored = above.stored(REQUESTS)
        except OSError:  # it is on its way up
            return {}
        return stored if sum(number > 0 for _, number in stored.values()) == len(pods) else {}

    stored = eventually(used)
    assert {node: number for node, (_, number) in stored.items()} == {
        node: one.value(REQUESTS, stored[node][0]) for node, one in below.items()
    }

    def sum_is_that_of_the_pods():
        newest = above.stored(REQUESTS)
        sums = sum(below[node].value(REQUESTS, time) for node, (time, _) in newest.items())
        return above.value(f"sum({REQUESTS})", max(time for time, _ in newest.values())) == pytest.approx(
            sums, rel=1e-12
        )

    eventually(sum_is_that_of_the_pods)
    names = {sample["metric"]["__name__"] for sample in above.ask('count by (__name__) ({node!=""})')}
    assert names
    assert all(name.startswith("pod:") for name in names)
