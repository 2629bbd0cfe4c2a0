"""Each container in turn is in an attacker's hands, and the others go on: docs/architecture.md."""

import json
import subprocess

import pytest

from support.checkout import SERVICES, direct
from support.commands import podman
from support.faults import restarts
from support.pods import ROOT

# Puts what it can where metrics reads, and follows every link that another container might write through.
ATTACK = """
import os
folder = "/run/stats/" + __import__("sys").argv[1]
for name in [*SERVICES, "evil"]:
    for ending in ("prom", "new", "resources.prom", "postgres.prom", "rsyslog.prom"):
        path = f"{folder}/{name}.{ending}"
        if os.path.exists(path) and name == __import__("sys").argv[1]:
            continue
        os.path.lexists(path) or os.symlink("/var/lib/prometheus/wal", path)
os.path.exists(folder + "/evil.fifo.prom") or os.mkfifo(folder + "/evil.fifo.prom")
os.truncate(os.open(folder + "/evil.huge.prom", os.O_CREAT | os.O_WRONLY), 1 << 40)
print(sorted(os.listdir("/run/stats")))
"""
TAKE = """
import socket, sys, time
address = ("127.0.0.1", int(sys.argv[1]))
while True:
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind(address)
        break
    except OSError:
        taken.close()
taken.listen()
print("taken", flush=True)
sys.stdin.read()
"""
HOLD = """
import socket, sys
held = [socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5) for _ in range(300)]
print("held", flush=True)
sys.stdin.read()
"""


def python(pod, service, program, *words):
    return podman("exec", "--interactive", f"{pod.name}-{service}", "python3", "-", *words, input=program)


def samples(pod, query):
    with direct.open(f"{pod.url('metrics')}/api/v1/query?query={query}", timeout=10) as response:
        return json.load(response)["data"]["result"]


def up(pod):
    """The jobs that Prometheus scrapes with success."""
    return {sample["metric"]["job"] for sample in samples(pod, "min%20by%20(job)(up)") if sample["value"][1] == "1"}


class Held:
    """A program in a container, until the block ends."""

    def __init__(self, pod, service, program, *words):
        self.command = ["podman", "exec", "--interactive", f"{pod.name}-{service}", "python3", "-c", program, *words]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self.process

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(20)


@pytest.mark.parametrize("service", SERVICES)
def test_files_of_one_container_cost_its_own_metrics_only(running, eventually, service):
    output = python(running, service, ATTACK.replace("SERVICES", repr(SERVICES)), service).output
    seen = SERVICES if service == "metrics" else [service]
    assert sorted(seen) == eval(output)  # noqa: S307 - a list that the program above prints
    eventually(lambda: {*SERVICES} <= up(running))
    assert running.answers()


def test_log_without_its_port_ends_and_starts_again(running, eventually):
    before = restarts(running, "log")
    with Held(running, "server", TAKE, "1514") as thief:
        podman("restart", "--time", "5", f"{running.name}-log")
        assert thief.stdout.readline() == "taken\n"
        eventually(lambda: restarts(running, "log") > before)
    eventually(lambda: running.inv("logs", "log", "--lines", "1").code == 0)
    eventually(lambda: podman("healthcheck", "run", f"{running.name}-log").code == 0)


@pytest.mark.parametrize("port", ["9091", "9092"])
def test_held_connections_leave_the_metrics(running, eventually, port):
    with Held(running, "server", HOLD, port) as attacker:
        assert attacker.stdout.readline() == "held\n"
    eventually(lambda: {*SERVICES} <= up(running))


def test_another_pod_is_refused(running):
    address = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"
    network = "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}"
    infra = podman("pod", "inspect", "--format", "{{.InfraContainerID}}", running.name).output.strip()
    ip, name = (podman("inspect", "--format", form, infra).output.split()[0] for form in (address, network))
    program = f"""
import http.client, itertools
for port, host in itertools.product((9090, 9093), ("{ip}", "localhost:9090", "127.0.0.1")):
    connection = http.client.HTTPConnection("{ip}", port, timeout=5)
    connection.request("GET", "/api/v1/query?query=up", headers={{"Host": host}})
    print(connection.getresponse().status)
"""
    image = f"localhost/{running.images}-metrics"
    words = ["run", "--rm", "--interactive", "--network", name, "--entrypoint", "python3", image, "-"]
    assert podman(*words, input=program).output.split() == ["403"] * 6
    assert (ROOT / "services/metrics/front.conf").exists()
