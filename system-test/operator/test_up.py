"""`inv up` ends when the service answers, and does nothing where it does already."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.checkout import SERVICES
from support.commands import podman


def rows(table: str) -> dict[str, list[str]]:
    """The table of the parts: the words behind each service's name."""
    lines = [line.split() for line in table.splitlines()]
    return {words[0]: words[1:] for words in lines if words and words[0] in SERVICES}


def test_first_up_answers(absent):
    result = absent.inv("up")
    assert result.code == 0, result.output
    assert absent.answers()


def test_up_ends_with_the_table(running):
    table = rows(running.inv("up").output)
    assert [table[service][0] for service in SERVICES] == ["healthy"] * len(SERVICES)
    assert table["server"][-1] == f"{running.url()}/docs/"


def test_second_up_changes_nothing(running):
    before = running.ids()
    assert running.inv("up").code == 0
    assert running.ids() == before


def test_status_shows_running_parts(running):
    table = rows(running.inv("status").output)
    assert {words[0] for words in table.values()} == {"healthy"}


def test_status_shows_absent_parts(absent):
    table = rows(absent.inv("status").output)
    assert {words[0] for words in table.values()} == {"absent"}


def test_down_leaves_only_data(absent):
    absent.inv("up")
    assert absent.inv("down").code == 0
    assert absent.leftovers() == []


def test_status_without_pod_advises_only_to_start_it(absent):
    assert re.findall(r"inv [a-z]+", absent.inv("status").output.partition("disk")[2]) == ["inv up"]


@pytest.mark.parametrize("task", ["down", "status"])
def test_task_without_pod_succeeds(absent, task):
    assert absent.inv(task).code == 0


@pytest.mark.parametrize(
    "words", [["restart", "server"], ["shell"], ["logs"], ["manage", "--args", "check"]], ids=lambda w: w[0]
)
def test_task_that_needs_the_pod_says_so(absent, words):
    result = absent.inv(*words)
    assert result.code == 1
    assert result.last_line.endswith("is not running - start the pod with: inv up")


@pytest.mark.parametrize("service", SERVICES)
def test_stopped_part_is_started_as_advised(running, service):
    podman("stop", f"{running.name}-{service}")
    advice = f"start it: inv restart {service}"
    assert advice in running.inv("status").output
    refused = running.inv("shell", service)
    assert refused.last_line.endswith(f"is not running - {advice}")
    assert running.inv("restart", service).code == 0
    assert running.answers()


def test_two_operators_at_once_take_turns(running):
    with ThreadPoolExecutor() as threads:
        results = [*threads.map(lambda _: running.inv("restart"), range(2))]
    outputs = [result.output for result in results]
    assert [result.code for result in results] == [0, 0], outputs
    assert sum("another task works on the pod" in output for output in outputs) == 1
    assert running.answers()
