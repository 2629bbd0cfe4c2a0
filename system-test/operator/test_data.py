"""Data outlives every task but `fresh`."""

import pytest

from support.commands import podman
from support.pods import rows, start


def secret_ids(pod) -> set[str]:
    """The secrets of a pod, by id and name."""
    lines = podman("secret", "ls", "--format", "{{.ID}} {{.Name}}").output.splitlines()
    return {line for line in lines if f" {pod.name}-" in line}


@pytest.mark.parametrize("words", [["restart", "server"], ["restart", "db"], ["restart"]], ids=" ".join)
def test_restart_keeps_data(running, words):
    name = f"before {' '.join(words)}"
    running.add_group(name)
    result = running.inv(*words)
    assert result.code == 0, result.output
    assert name in running.groups()
    assert running.writes()


def test_down_and_up_keep_data_and_secrets(running):
    running.add_group("before down")
    secrets = secret_ids(running)
    for task in ["down", "up"]:
        assert running.inv(task).code == 0
    assert "before down" in running.groups()
    assert secret_ids(running) == secrets


def test_fresh_gives_the_first_rows_again_without_a_restart(absent):
    start(absent)
    first, before = rows(absent), absent.ids()
    absent.add_group("before fresh")
    assert absent.inv("fresh", "--yes").code == 0
    assert (rows(absent), absent.ids()) == (first, before)
    assert absent.writes()


def test_fresh_removes_what_else_is_in_the_cluster(running):
    assert podman("exec", f"{running.name}-db", "createdb", "other").code == 0
    assert running.inv("fresh", "--yes").code == 0
    assert "other" not in podman("exec", f"{running.name}-db", "psql", "--list", "--dbname=service").output


def test_second_server_on_the_same_data_is_refused(running):
    image, data = f"localhost/{running.images}-db", f"{running.name}-db-data:/var/lib/postgresql/data"
    second = podman("run", "--rm", "--volume", data, "--tmpfs", "/run/postgresql:mode=1777", image)
    assert second.code == 1
    assert "another container uses /var/lib/postgresql/data, which Podman may have forgotten" in second.output
    assert running.writes()
