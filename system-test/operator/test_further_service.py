"""A further container is its Containerfile, its folder, its block in pod.yaml and its line in the table of services."""

import json
import re

import pytest

from support.checkout import direct
from support.commands import podman
from support.copies import Copy
from support.pods import IMAGES, ROOT, own_name, removed

LOG = (ROOT / "containers/log/Containerfile").read_text().splitlines()
RUN_TOML = """name = "clock"

[[process]]
name = "http"
command = ["python3", "-m", "http.server", "--bind", "127.0.0.1", "--directory", "/etc/clock", "8123"]
"""
CONTAINER = """
    - name: clock
      image: localhost/{name}-clock:latest
      imagePullPolicy: IfNotPresent
      volumeMounts:
        - {{ name: {name}-stats-clock, mountPath: /run/stats/clock }}
      livenessProbe:
        exec: {{ command: {probe} }}
        timeoutSeconds: 5
      securityContext: {{ runAsUser: 10009, readOnlyRootFilesystem: true, capabilities: {{ drop: [ALL] }} }}

  volumes:
"""


READ = "        - {{ name: {name}-stats-clock, mountPath: /run/stats/clock, readOnly: true }}\n"
VOLUME = "    - {{ name: {name}-stats-db, emptyDir: {{}} }}\n    - {{ name: {name}-stats-clock, emptyDir: {{}} }}\n"


def containerfile():
    """The recipe of `log` without rsyslog: the supervisor, and the folder of the service."""
    (supervisor,) = (line for line in LOG if line.startswith("COPY services/supervisor "))
    (variables,) = (line for line in LOG if line.startswith("ENV PATH"))
    return f"""ARG BASE
FROM ${{BASE}} AS files
{supervisor}
COPY services/clock /etc/clock
RUN collect --user clock:10009 /etc/clock
FROM scratch
{variables}
COPY --from=files /image /
USER 10009
{LOG[-1].replace("/etc/log", "/etc/clock")}
"""


def add_clock(copy):
    """Do the four things."""
    for folder in ("containers/clock", "services/clock"):
        (copy.folder / folder).mkdir()
    (copy.folder / "containers/clock/Containerfile").write_text(containerfile())
    (copy.folder / "services/clock/run.toml").write_text(RUN_TOML)
    pod = (copy.folder / "pod.yaml").read_text()
    name = re.search(r"^  name: (.+)$", pod, re.MULTILINE)[1]
    probe = re.search(r"command: (.+http.+) }", pod)[1].replace("8080", "8123").replace("/healthcheck/live/", "/")
    copy.replace("pod.yaml", "\n  volumes:\n", CONTAINER.format(name=name, probe=probe))
    mount = f"        - {{ name: {name}-stats-metrics, mountPath: /run/stats/metrics }}\n"
    copy.replace("pod.yaml", mount, mount + READ.format(name=name))
    copy.replace("pod.yaml", f"    - {{ name: {name}-stats-db, emptyDir: {{}} }}\n", VOLUME.format(name=name))
    line = 'Service("clock", {"BASE": "base"}),\n        '
    copy.replace("tasklib/core/services.py", 'Image("system-test"', f'{line}Image("system-test"')


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    """A running pod with a fifth container beside the usual ones."""
    name = own_name()
    with removed(Copy(tmp_path_factory.mktemp("clock"), name, name)) as copy:
        copy.fill(ROOT, IMAGES)
        add_clock(copy)
        for words in (["build", "clock"], ["build", "metrics"], ["up"]):
            ended = copy.inv(*words)
            assert ended.code == 0, ended.output
        yield copy
    podman("image", "rm", "--ignore", f"localhost/{name}-clock")


def test_status_shows_it(clock, eventually):
    eventually(lambda: re.search(r"^ *clock +healthy ", clock.inv("status").output, re.MULTILINE))


def test_shell_opens_its_tool(clock):
    assert "42" in clock.inv("shell", "clock", input="print(6 * 7)\n").output


def test_its_lines_are_in_the_log(clock, eventually):
    eventually(lambda: '"process":"http"' in clock.inv("logs", "clock", "--json").output)


def test_prometheus_scrapes_it(clock, eventually):
    def is_up():
        with direct.open(f"{clock.url('metrics')}/api/v1/query?query=up%7Bjob%3D%22clock%22%7D", timeout=5) as answer:
            return [sample["value"][1] for sample in json.load(answer)["data"]["result"]] == ["1"]

    eventually(is_up)


def test_it_stops_in_order(clock):
    output = clock.inv("down").output
    stopped = re.findall(r"^podman stop .+-(\w+)$", output, re.MULTILINE)
    assert stopped == ["server", "clock", "db", "metrics", "log"]
