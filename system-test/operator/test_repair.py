"""A process that dies is replaced, and the service answers again."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.checkout import SERVICES
from support.commands import podman
from support.faults import restarts
from support.processes import send
from support.tokens import UNKNOWN


@pytest.mark.parametrize(
    ("service", "command", "position"),
    [
        ("server", "nginx", 0),
        ("server", "nginx", -1),
        ("server", "uwsgi", 0),
        ("server", "uwsgi", 1),
        ("server", "uwsgi", -1),
        ("db", "postgres", 0),
    ],
    ids=["nginx", "nginx worker", "uwsgi", "uwsgi worker", "health", "postgres"],
)
def test_killed_process_is_replaced(running, eventually, service, command, position):
    killed = running.processes(service, command)[position]
    os.kill(killed, signal.SIGKILL)

    def replaced():
        found = running.processes(service, command)
        return found and killed not in found and running.answers()

    eventually(replaced)
    # What the killed one has left may have answered until its container ended.
    eventually(running.writes)


def test_killed_worker_costs_its_own_request_at_most(running):
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(running.get, "/schema/") for _ in range(400)]
        os.kill(running.processes("server", "uwsgi")[1], signal.SIGKILL)
    assert [answer.result().status for answer in answers].count(200) >= 399


def cut_off(pod):
    """The answer to a request whose worker is killed, or was not yet at work on it."""
    workers = pod.processes("server", "uwsgi")[1:]
    with pod.frozen("db", "postgres"):
        request = pod.ask("/token/", "DELETE", **UNKNOWN)
        send(signal.SIGKILL, workers)
        return request.getresponse()


def test_request_of_a_killed_worker_is_a_problem(running, eventually):
    answer = eventually(lambda: (answer := cut_off(running)).status == 502 and answer)
    assert (answer.headers["Content-Type"], answer.headers["Retry-After"]) == ("application/problem+json", "1")


def test_up_starts_again_what_was_killed_together_with_its_watchers(running):
    containers = [f"{running.name}-{service}" for service in SERVICES]
    ids = podman("inspect", "--format", "{{.State.Pid}} {{.State.ConmonPid}}", *containers).output.split()
    # The watchers first: Podman then hears of no end, and says "running".
    send(signal.SIGKILL, [int(process) for process in [*ids[1::2], *ids[::2]]])
    assert running.inv("status").output.count("gone") == len(SERVICES)
    result = running.inv("up")
    assert (result.code, running.answers()) == (0, True), result.output


@pytest.mark.parametrize("remedy", [["up"], ["restart", "log"]], ids=" ".join)
def test_container_without_its_conmon_is_named_and_mended(running, remedy):
    conmon = podman("inspect", "--format", "{{.State.ConmonPid}}", f"{running.name}-log").output
    os.kill(int(conmon), signal.SIGKILL)
    assert "conmon of log has ended, so nothing restarts it" in running.inv("status").output
    result = running.inv(*remedy)
    assert (result.code, running.answers()) == (0, True), result.output
    assert "orphaned" not in running.inv("status").output


def test_container_that_ended_unnoticed_stands_in_no_tasks_way(copy):
    copy.inv("up")
    # Not one of the pod's: a test of somebody's, which reads the log.
    mount, wait = ["--volume", f"{copy.name}-log-data:/mnt"], "import signal; signal.pause()"
    other = podman("run", "--detach", *mount, copy.image_id("log"), "python3", "-c", wait).output.strip()
    for container, words in ((f"{copy.name}-server", ["down"]), (other, ["clean", "--data", "--yes"])):
        ids = podman("inspect", "--format", "{{.State.ConmonPid}} {{.State.Pid}}", container).output.split()
        send(signal.SIGKILL, [int(process) for process in ids])
        result = copy.inv(*words)
        assert result.code == 0, result.output
    assert copy.volumes() == []


def test_leftovers_beside_the_socket_do_not_outlive_a_killed_database(running, eventually):
    # Such as the socket's lock, which names a process id that another process may have after the start.
    leftover = "/run/postgresql/leftover"
    podman("exec", f"{running.name}-db", "python3", "-c", f"open('{leftover}', 'w')")
    before = restarts(running, "db")
    os.kill(running.processes("db", "postgres")[0], signal.SIGKILL)
    # A session of the killed server may answer once more.
    eventually(lambda: restarts(running, "db") > before)
    eventually(running.answers)
    look = f"import os; raise SystemExit(os.path.exists('{leftover}'))"
    assert podman("exec", f"{running.name}-db", "python3", "-c", look).code == 0
