"""Every task is known as one that deletes, or as one that keeps; those that delete ask, and the docs list them."""

import pytest

import tasks
from tasklib.core.menu import flag, names
from tasklib.tests.test_tree import text

ASKING = {"clean", "fresh", "legacy-import", "remove-sample"}
# An option is the consent here; a night's backup asks nobody.
BY_OPTION = {"db.archive": "--keep", "db.backup": "--keep", "db.recover": "--replace", "db.restore": "--replace"}
KEEPING = {
    *("build", "ci", "db.upgrade", "doctor", "down", "fuzz", "help", "lint", "lock", "logs", "manage", "new-app"),
    *("patch", "restart", "sbom", "schema", "shell", "status", "system-test", "test", "up", "wheels"),
}
PRESENT = {name for name in names(tasks.ns) if not name.startswith("bench")}
# A part that an owner may have deleted.
DELETABLE = {"legacy-import"}
SECTION = text("docs/backup.md").partition("## What deletes data\n")[2].partition("\n## ")[0]


def options(task):
    return {flag(name) for argument in tasks.ns[task].get_arguments() for name in argument.names}


def test_every_task_is_known_to_delete_or_to_keep():
    assert {*ASKING, *BY_OPTION, *KEEPING} - PRESENT <= DELETABLE
    assert PRESENT - {*ASKING, *BY_OPTION, *KEEPING} == set()


def test_those_that_ask_take_the_answer_beforehand():
    assert {task for task in PRESENT if "--yes" in options(task)} == ASKING & PRESENT


@pytest.mark.parametrize("task", sorted(BY_OPTION))
def test_option_that_is_a_consent_exists(task):
    assert BY_OPTION[task] in options(task)


@pytest.mark.parametrize("task", sorted({*ASKING, *BY_OPTION} & PRESENT))
def test_docs_list_what_it_deletes(task):
    assert f"`inv {task}" in SECTION
