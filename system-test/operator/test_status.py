"""`inv status` tells how the service does, and what does not answer."""

import os
import re
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from support.checkout import PORTS
from support.commands import run


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


def lose_forwarder(port: int) -> None:
    """Let a port of this machine lead nowhere, as after a flush of the firewall, or without pasta."""
    if os.geteuid():
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                words = path.read_bytes().split(b"\0")
                if words[0].endswith(b"pasta") and any(str(port).encode() in word for word in words):
                    os.kill(int(path.parent.name), signal.SIGKILL)
        return
    chain = ["inet", "netavark", "NETAVARK-HOSTPORT-DNAT"]
    rules = run("nft", "--handle", "list", "chain", *chain).output
    handle = re.search(rf"dport {port} jump .+ handle (\d+)", rules)
    assert handle, rules
    assert run("nft", "delete", "rule", *chain, "handle", handle[1]).code == 0


def test_dead_forwarder_is_named_and_mended(running, eventually):
    lose_forwarder(PORTS["server"] + running.offset)
    page = running.inv("status").output
    assert lines(page)["server"].strip().startswith("cut off")
    assert "does not reach server, which is healthy - start the pod anew: inv up" in page
    assert running.inv("up").code == 0
    eventually(running.answers)
    assert lines(running.inv("status").output)["server"].strip().startswith("healthy")
