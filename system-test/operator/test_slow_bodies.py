"""Clients that send their bodies slowly hold connections, and take nothing from anybody else."""

import contextlib
import subprocess
import time

import pytest

from support.commands import podman

# Runs inside the pod, where each source address is another client. Says so when all have sent a part of their body.
SLOW = """
import signal, socket, sys
count, *addresses = sys.argv[1:]
request = b"POST /token/ HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: 99\\r\\n\\r\\n{"
kept = []
for address in addresses:
    for _ in range(int(count)):
        kept.append(socket.create_connection(("127.0.0.1", 8080), 30, source_address=(address, 0)))
        kept[-1].sendall(request)
print("sent", flush=True)
signal.alarm(9)  # before nginx drops them
signal.pause()
"""
MANY = {
    "three addresses": ("1400", "127.0.0.2", "127.0.0.3", "127.0.0.4"),
    # One more than its limit: clients.conf. The probe has the same address.
    "one address": ("4097", "127.0.0.1"),
}
SECONDS = 2  # in which an answer comes


@contextlib.contextmanager
def slow(pod, *arguments):
    words = ["podman", "exec", f"{pod.name}-server", "python3", "-c", SLOW, *arguments]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"sent\n"
        yield
        process.kill()


@pytest.mark.parametrize("arguments", MANY.values(), ids=MANY)
def test_others_are_answered(running, arguments):
    with slow(running, *arguments):
        start = time.monotonic()
        answers = [running.get("/schema/").status for _ in range(20)]
        assert (set(answers), running.get("/token/", "POST").status) == ({200}, 400)
        assert time.monotonic() - start < 21 * SECONDS


@pytest.mark.parametrize("arguments", MANY.values(), ids=MANY)
def test_probe_passes(running, arguments):
    with slow(running, *arguments):
        assert podman("healthcheck", "run", f"{running.name}-server").code == 0
