"""Data outlives every task but `fresh`."""

import pytest

from support.checkout import podman

FIXTURES = ["One pod, one command.", "Hello, world!"]


def secret_ids(pod) -> set[str]:
    """The secrets of a pod, by id and name."""
    lines = podman("secret", "ls", "--format", "{{.ID}} {{.Name}}").output.splitlines()
    return {line for line in lines if f" {pod.name}-" in line}


@pytest.mark.parametrize("words", [["restart", "server"], ["restart", "db"], ["restart"]], ids=" ".join)
def test_restart_keeps_data(running, words):
    text = f"before {' '.join(words)}"
    assert running.tweet(text) == 201
    result = running.inv(*words)
    assert result.code == 0, result.output
    assert text in running.tweets()


def test_down_and_up_keep_data_and_secrets(running):
    assert running.tweet("before down") == 201
    secrets = secret_ids(running)
    for task in ["down", "up"]:
        assert running.inv(task).code == 0
    assert "before down" in running.tweets()
    assert secret_ids(running) == secrets


def test_fresh_gives_the_fixtures_again_without_a_restart(running):
    assert running.tweet("before fresh") == 201
    before = running.ids()
    assert running.inv("fresh").code == 0
    assert (running.tweets(), running.ids()) == (FIXTURES, before)
    assert running.tweet("after fresh") == 201


def test_fresh_removes_what_else_is_in_the_cluster(running):
    assert podman("exec", f"{running.name}-db", "createdb", "other").code == 0
    assert running.inv("fresh").code == 0
    assert running.tweets() == FIXTURES
    assert "other" not in podman("exec", f"{running.name}-db", "psql", "--list", "--dbname=service").output
