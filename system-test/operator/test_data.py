"""Data outlives every task but `fresh`."""

import pytest
from checkout import podman

FIXTURES = ["One pod, one command.", "Hello, world!"]


@pytest.mark.parametrize("words", [["restart", "server"], ["restart", "db"], ["restart"]], ids=" ".join)
def test_restart_keeps_data(running, words):
    text = f"before {' '.join(words)}"
    assert running.tweet(text) == 201
    result = running.inv(*words)
    assert result.code == 0, result.output
    assert text in running.tweets()


def test_down_and_up_keep_data_and_secrets(running):
    assert running.tweet("before down") == 201
    secrets = podman("secret", "ls", "--format", "{{.ID}} {{.Name}}").output
    assert running.inv("down", "up").code == 0
    assert "before down" in running.tweets()
    assert [line for line in secrets.splitlines() if running.name in line] == [
        line for line in podman("secret", "ls", "--format", "{{.ID}} {{.Name}}").output.splitlines() if running.name in line
    ]


def test_fresh_gives_the_fixtures_again(running):
    assert running.tweet("before fresh") == 201
    assert running.inv("fresh").code == 0
    assert running.tweets() == FIXTURES
