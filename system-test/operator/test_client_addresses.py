"""The server sees different addresses where clients have them, and answers over IPv6 where its network has it."""

import http.client
import json
import socket
import uuid

from support.checkout import PORTS
from support.commands import podman


def machine_address():
    """The address by which this machine reaches others; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return probe.getsockname()[0]


def remote(pod, eventually, host):
    """The client's address in the line of a request to a host."""
    request_id = uuid.uuid4().hex
    connection = http.client.HTTPConnection(host, PORTS["server"] + pod.offset, timeout=10)
    connection.request("GET", "/healthcheck/live/", headers={"X-Request-ID": request_id, "Host": "localhost"})
    assert connection.getresponse().status == 200

    def lines():
        output = podman("logs", f"{pod.name}-server").output.splitlines()
        return [json.loads(line)["remote"] for line in output if request_id in line]

    return eventually(lines)[0]


def test_clients_are_told_apart(running, eventually):
    addresses = {host: remote(running, eventually, host) for host in ["127.0.0.1", machine_address()]}
    assert len(set(addresses.values())) == 2, addresses


def test_pod_answers_ipv6_inside(running):
    code = "import urllib.request as r; print(r.urlopen('http://[::1]:8080/healthcheck/live/').status)"
    assert podman("exec", f"{running.name}-server", "python3", "-c", code).output == "200\n"
