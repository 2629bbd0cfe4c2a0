"""A process that dies is replaced, and the service answers again."""

import os
import signal

import pytest
from checkout import podman


def processes(pod, service: str, command: str) -> list[int]:
    """The ids on this machine of a container's processes with that command, the oldest first."""
    rows = podman("top", f"{pod.name}-{service}", "hpid", "comm").output.splitlines()[1:]
    # A process that ends meanwhile has `?` for its id.
    return sorted(int(row.split()[0]) for row in rows if row.split()[1] == command and row[0] != "?")


@pytest.mark.parametrize(
    ("service", "command", "position"),
    [
        ("server", "nginx", 0),
        ("server", "nginx", -1),
        ("server", "uwsgi", 0),
        ("server", "uwsgi", -1),
        ("db", "postgres", 0),
    ],
    ids=["nginx", "nginx worker", "uwsgi", "uwsgi worker", "postgres"],
)
def test_killed_process_is_replaced(running, eventually, service, command, position):
    killed = processes(running, service, command)[position]
    os.kill(killed, signal.SIGKILL)

    def replaced():
        found = processes(running, service, command)
        return found and killed not in found and running.answers()

    eventually(replaced)
    assert running.tweet(f"after the end of {command}") == 201
