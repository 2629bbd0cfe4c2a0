"""`inv status` tells how the service does, and what does not answer."""

import re

import pytest


def lines(output: str) -> dict[str, str]:
    """The rest of each line, by its first word."""
    return {word: rest for word, _, rest in (line.strip().partition(" ") for line in output.splitlines())}


def test_page_tells_how_the_service_does(running, eventually):
    def used():
        # What rises between two scrapes is a rate; the first of all does not.
        running.answers()
        page = lines(running.inv("status").output)
        return page if "p99" in page.get("latency", "") else {}

    page = eventually(used)
    # Tests before this one may have taken the database away.
    assert re.search(r"[\d.]+ /s, [\d.]+ % failed", page["requests"])
    assert "of 15d or 1GiB" in page["disk"]


@pytest.mark.parametrize(("service", "command"), [("server", "nginx"), ("metrics", "prometheus")])
def test_frozen_part_does_not_answer(running, service, command):
    with running.frozen(service, command):
        page = lines(running.inv("status").output)
    assert page[service].strip().startswith("no answer")
    assert lines(running.inv("status").output)[service].strip().startswith("healthy")


def test_page_without_prometheus_says_so(running):
    with running.frozen("metrics", "prometheus"):
        output = running.inv("status").output
    assert f"{running.url('metrics')} does not answer (timed out) - look at: inv logs metrics" in output
    assert "disk " in output


def test_watching_ends_by_ctrl_c(running):
    result = running.interrupt("status", "--watch", at="until Ctrl-C")
    assert result.code == 0
    assert "Traceback" not in result.output
