"""Every request is counted once, whatever becomes of the workers that count."""

import http.client
import json
import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.checkout import PORTS
from support.commands import podman

REQUESTS, CLIENTS = 40, 8
NAME = "django_http_responses_total_by_status_view_method_total"
# Of a worker and of the mule that answers health checks. Nobody else asks for them by OPTIONS.
VIEWS = {"/schema/": "schema", "/healthcheck/live/": "health.views.live"}
PAGE = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:9091/server').read().decode())"
STATS = "import socket; print(socket.create_connection(('127.0.0.1', 8082)).makefile().read())"
DAMAGE = (
    "import glob\nfor file in glob.glob('/run/stats/server/workers/*_1.db'): open(file, 'r+b').write(b'\\xff' * 4096)"
)


def page(pod) -> str:
    answer = podman("exec", f"{pod.name}-metrics", "python3", "-c", PAGE)
    assert answer.code == 0, answer.output
    return answer.output


def counted(pod, path: str) -> float:
    line = rf'^{NAME}{{method="OPTIONS",status="405",view="{VIEWS[path]}"}} (\S+)$'
    found = re.search(line, page(pod), re.MULTILINE)
    return float(found.group(1)) if found else 0.0


def ask(pod, path: str) -> list[int]:
    """Ask so many times; returns the status of each answer."""

    def one(_: int) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", PORTS["server"] + pod.offset, timeout=40)
        connection.request("OPTIONS", path, headers={"Connection": "close"})
        return connection.getresponse().status

    with ThreadPoolExecutor(CLIENTS) as clients:
        return list(clients.map(one, range(REQUESTS)))


def uwsgi(pod) -> list[int]:
    """The master process, its workers and its mule, as this machine numbers them."""
    return pod.processes("server", "uwsgi")


def accepting(pod) -> int:
    """The number of workers that wait for requests. One that was just forked would take a signal for its master's."""
    answer = podman("exec", f"{pod.name}-metrics", "python3", "-c", STATS)
    if answer.code:
        return 0
    return sum(worker["accepting"] for worker in json.loads(answer.output)["workers"])


def killed(pod) -> None:
    for worker in uwsgi(pod)[1:]:
        os.kill(worker, signal.SIGKILL)


def ended(pod) -> None:
    for worker in uwsgi(pod)[1:]:
        os.kill(worker, signal.SIGTERM)


def reloaded(pod) -> None:
    os.kill(uwsgi(pod)[0], signal.SIGHUP)


def renew(pod, eventually, event) -> None:
    """Bring an event about, and wait until others have taken the place of all workers and of the mule."""
    old = {*uwsgi(pod)[1:]}
    event(pod)
    eventually(lambda: not old & {*uwsgi(pod)[1:]} and accepting(pod) == len(old) - 1)
    eventually(lambda: pod.get("/healthcheck/live/").status == 200)
    eventually(pod.answers)


@pytest.mark.parametrize("event", [killed, ended, reloaded])
@pytest.mark.parametrize("path", VIEWS)
def test_sums_are_exact_across(running, eventually, event, path):
    before = counted(running, path)
    assert ask(running, path) == [405] * REQUESTS
    renew(running, eventually, event)
    assert counted(running, path) == before + REQUESTS
    assert ask(running, path) == [405] * REQUESTS
    assert counted(running, path) == before + 2 * REQUESTS


def test_damaged_file_is_told_and_replaced(running, eventually):
    podman("exec", f"{running.name}-server", "python3", "-c", DAMAGE)
    assert "\nworker_damaged_files 1.0" in page(running) or "\nworker_damaged_files 2.0" in page(running)
    renew(running, eventually, killed)
    assert set(ask(running, "/schema/")) == {405}
    assert "\nworker_damaged_files 0.0" in page(running)


def test_numbers_are_there_while_all_workers_are_stuck(running):
    with running.frozen("server", "uwsgi"):
        text = page(running)
    assert "\nhealth_up 0.0" in text
    assert "\ndjango_http_requests_before_middlewares_total " in text
