"""The menu: what `inv` prints, and that every command in docs, messages and alerts exists."""

import re
import subprocess
import sys

import pytest

import tasks
from tasklib.core.menu import flag, names
from tasklib.tests.test_tree import PATHS, text

COMMAND = re.compile(r"\binv ([a-z][a-z.-]*[a-z])(?![\w.\[\\-])((?: --[a-z-]+)*)")
# Commands of an older release, mistakes on purpose, and an example.
ELSEWHERE = (
    "system-test/operator/tweet/README.md",
    "tasklib/tests/test_mistakes.py",
    "tasklib/images/tests/test_extra.py",
)
KNOWN = names(tasks.ns) | {*tasks.ns.collections}
# Parts that an owner may have deleted, and of which other pages go on to speak.
DELETABLE = {"bench", "legacy"} - {re.split("[.-]", name)[0] for name in KNOWN}
SOURCES = [path for path in PATHS if re.search(r"(\.(md|py|ya?ml|sql|toml|conf|html)|file|run)$", path)]


def commands():
    """Every command in the tree: its file, its task and its options."""
    for path in SOURCES:
        if path not in ELSEWHERE:
            found = ((path, match[1], match[2].split()) for match in COMMAND.finditer(text(path)))
            yield from (command for command in found if re.split("[.-]", command[1])[0] not in DELETABLE)


def options(task):
    """The options of a task, as they are typed."""
    return {flag(name) for argument in tasks.ns[task].get_arguments() for name in argument.names}


def typed(*words):
    return subprocess.run([sys.executable, "-m", "invoke", *words], capture_output=True, text=True, check=True).stdout


def test_every_command_names_a_task():
    assert [(path, task) for path, task, _ in commands() if task not in KNOWN] == []


def test_every_command_has_options_of_its_task():
    wrong = [(path, task, given) for path, task, given in commands() if not {*given} <= options(task) | {"--help"}]
    assert wrong == []


def test_inv_alone_prints_the_list():
    assert typed() == typed("--list")


def test_tasks_of_a_day_come_before_the_collections():
    listed = re.findall(r"^  ([a-z][\w.-]+)", typed("--list"), re.MULTILINE)
    assert listed == sorted(listed, key=lambda name: ("." in name, name))


@pytest.mark.parametrize("task", sorted(tasks.ns.task_names))
def test_every_option_has_help(task):
    assert [argument.name for argument in tasks.ns[task].get_arguments() if not argument.help] == []


@pytest.mark.parametrize("task", sorted(tasks.ns.task_names))
def test_task_is_one_sentence(task):
    assert re.fullmatch(r"[A-Z][^\n]+\.", tasks.ns[task].__doc__.partition("\n")[0])
