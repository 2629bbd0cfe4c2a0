"""The menu explains itself, works from anywhere, and `--dry` shows what would be typed."""

import json
import shlex

import pytest

from support.commands import podman


def tasks(pod) -> list[dict]:
    return json.loads(pod.inv("--list", "--list-format=json").output)["tasks"]


def options(pod, task: str) -> list[str]:
    """The lines of a task's options, as `inv --help` shows them; their later lines are further to the right."""
    text = pod.inv("--help", task).output.rpartition("Options:\n")[2]
    return [line.strip() for line in text.splitlines() if line.startswith("  -")]


def test_every_task_is_one_sentence(absent):
    assert [task["name"] for task in tasks(absent) if not (task["help"] or "").endswith(".")] == []


def test_every_option_has_help(absent):
    lines = [line for task in tasks(absent) for line in options(absent, task["name"])]
    assert [line for line in lines if len(line.split("   ")) < 2] == []


def test_two_tasks_have_more_than_four_options(absent):
    """`logs` is a question, and each of its options a part of it; the fifth of `legacy-import` is --yes."""
    many = [task["name"] for task in tasks(absent) if len(options(absent, task["name"])) > 4]
    assert many == ["legacy-import", "logs"]


@pytest.mark.parametrize("folder", ["services/server/src", "system-test/operator"])
def test_tasks_work_from_any_folder(running, folder):
    result = running.inv("status", folder=folder)
    assert result.code == 0
    assert "healthy" in result.output


def commands(output: str) -> list[list[str]]:
    """The lines that can be pasted, as words."""
    return [shlex.split(line) for line in output.splitlines() if line.startswith("podman ")]


def test_dry_up_starts_nothing(absent):
    result = absent.inv("--dry", "up")
    assert [words[:3] for words in commands(result.output)] == [["podman", "kube", "play"]]
    assert podman("pod", "exists", absent.name).code == 1
    assert podman("secret", "exists", f"{absent.name}-server").code == 1


def test_dry_down_stops_nothing(running):
    before = running.ids()
    result = running.inv("--dry", "down")
    assert ["podman", "kube", "down", f"build/{running.name}.yaml"] in commands(result.output)
    assert running.ids() == before


def test_dry_build_builds_nothing(copy):
    before = copy.image_id("log")
    (copy.folder / "services/log/logstore/rotate.py").write_text("pass\n")
    result = copy.inv("--dry", "build", "log")
    assert [words[1] for words in commands(result.output)] == ["build", "image"]
    assert copy.image_id("log") == before


def test_dry_lines_do_what_the_task_does(copy):
    (copy.folder / "services/log/logstore/rotate.py").write_text("pass\n")
    before, [words, _] = copy.image_id("log"), commands(copy.inv("--dry", "build", "log").output)
    assert podman(*words[1:], cwd=copy.folder).code == 0
    assert copy.image_id("log") != before


@pytest.mark.parametrize("words", [["build", "nonsense"], ["nonsense"], ["up", "--nonsense"]], ids=" ".join)
def test_unknown_word_is_one_line(absent, words):
    result = absent.inv(*words)
    assert result.code == 1
    assert "nonsense" in result.last_line
    assert "Traceback" not in result.output
