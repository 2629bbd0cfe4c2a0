"""A task that deletes says what goes and how large it is, asks on a terminal, and needs --yes elsewhere."""

import contextlib
import os
import pty
import subprocess
import sys

import pytest
from test_data import secret_ids

from support.commands import Ended, podman
from support.copies import Copy
from support.pods import IMAGES, ROOT, own_name, removed, start

# What each task says that it deletes, in the order of the least loss.
LOSSES = {
    "remove-sample": "the sample, which git does not have",
    "fresh": "the data of volume {name}-db-data (",
    "clean --data": "volume {name}-db-data-20261125T010000Z (",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A copy of the tree whose pod holds something for each task to delete."""
    name = own_name()
    with removed(Copy(tmp_path_factory.mktemp("copy"), name, name)) as copy:
        copy.fill(ROOT, IMAGES)
        start(copy)
        for volume in (f"{name}-db-data-20261125T010000Z", f"{name}-2-db-data"):
            assert podman("volume", "create", volume).code == 0
        copy.add_group("kept")
        yield copy
        podman("volume", "rm", f"{name}-2-db-data")


def state(copy) -> list[object]:
    """All that a task may delete."""
    sample = (copy.folder / "services/server/src/tweet/models.py").exists()
    return [copy.groups(), copy.volumes(), secret_ids(copy), sample]


def on_terminal(copy, words: list[str], answer: str) -> Ended:
    """Type a task on a terminal, and an answer to its question."""
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "invoke", *words]
    with subprocess.Popen(
        command, cwd=copy.folder, env=copy.environment(), stdin=end, stdout=end, stderr=end
    ) as process:
        os.close(end)
        output = b""
        # The last read from a terminal that nobody has open any more is an error.
        with contextlib.suppress(OSError):
            while part := os.read(terminal, 4096):
                output += part
                if output.endswith(b"Type yes to delete it: "):
                    os.write(terminal, f"{answer}\n".encode())
    os.close(terminal)
    return Ended(process.returncode, output.decode().replace("\r\n", "\n"))


@pytest.mark.parametrize("task", LOSSES)
def test_without_a_terminal_nothing_goes_and_what_would_go_is_said(filled, task):
    before = state(filled)
    result = filled.inv(*task.split())
    assert (result.code, result.last_line.endswith(", add: --yes")) == (1, True), result.output
    assert LOSSES[task].format(name=filled.name) in result.output
    assert state(filled) == before


@pytest.mark.parametrize("task", LOSSES)
def test_another_word_than_yes_deletes_nothing(filled, task):
    before = state(filled)
    result = on_terminal(filled, task.split(), "no")
    assert (result.code, result.last_line) == (1, "nothing was deleted"), result.output
    assert LOSSES[task].format(name=filled.name) in result.output
    assert state(filled) == before


def test_yes_on_a_terminal_deletes(filled):
    result = on_terminal(filled, ["fresh"], "yes")
    assert result.code == 0, result.output
    assert "kept" not in filled.groups()


def test_all_of_the_pod_goes_and_nothing_of_another(filled):
    result = filled.inv("clean", "--data", "--yes")
    assert result.code == 0, result.output
    assert filled.volumes() == [f"{filled.name}-2-db-data"]
    assert secret_ids(filled) == set()
