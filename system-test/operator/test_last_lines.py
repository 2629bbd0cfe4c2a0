"""A process that crashes leaves its last lines in the log, at the right level; one id finds the lines of all parts."""

import json
import os
import signal
import uuid

import pytest
import yaml

from support.commands import podman
from support.faults import program
from support.processes import send
from support.tokens import bearer

READ = "import glob; print(*(open(path).read() for path in glob.glob('/var/log/pod/pod.log*')))"
LOCK = ["--command", "BEGIN", "--command", "LOCK TABLE knox_authtoken", "--command", "SELECT pg_sleep(600)"]
HARAKIRI_SECONDS = 25  # services/server/uwsgi.ini


def text(pod):
    """All stored lines."""
    return podman("exec", f"{pod.name}-log", "python3", "-c", READ).output


@pytest.fixture
def found(eventually):
    """Wait until a line is stored that has these fields and these words in its message; return it."""

    def found(pod, message, seconds=30, **fields):
        def line_is_stored():
            entries = [json.loads(line) for line in text(pod).splitlines() if line.startswith("{")]
            return next((e for e in entries if message in e["message"] and fields.items() <= e.items()), None)

        return eventually(line_is_stored, seconds)

    return found


@pytest.fixture
def locked(running, eventually):
    """The pod, when nobody can read tokens."""
    with program(running, "db", "psql", "--dbname=service", *LOCK):
        eventually(lambda: "AccessExclusiveLock" in running.sql("SELECT mode FROM pg_locks"))
        try:
            yield running
        finally:
            running.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)'")


@pytest.mark.parametrize(("service", "command"), [("server", "uwsgi"), ("server", "nginx"), ("db", "postgres")])
def test_killed_process_is_told(running, found, eventually, service, command):
    os.kill(running.processes(service, command)[0], signal.SIGKILL)
    found(running, f"{command} was ended by SIGKILL", service=service, process="run", level="ERROR")
    eventually(running.answers)


def test_worker_that_died_is_an_error(running, found):
    os.kill(running.processes("server", "uwsgi")[1], signal.SIGKILL)
    found(running, "DAMN ! worker", process="uwsgi", level="ERROR")


def test_crash_of_the_database_is_an_error(running, found, eventually):
    # The postmaster's first child; all sessions end with it.
    os.kill(running.processes("db", "postgres")[1], signal.SIGKILL)
    found(running, "was terminated by signal 9", process="postgres", level="ERROR")
    eventually(running.answers)


def test_one_id_finds_nginx_django_and_sql(locked, found):
    request_id, secret = f"test-{uuid.uuid4()}", uuid.uuid4().hex
    answer = locked.get(f"/token/?search={secret}", **bearer(secret), **{"X-Request-Id": request_id})
    assert answer.status == 503
    found(locked, "GET /token/ 503", logger="nginx.access", request_id=request_id)
    found(locked, "Database cannot be used", logger="api.problems", request_id=request_id, level="ERROR")
    line = found(locked, "canceling statement", logger="postgres", request_id=request_id, level="ERROR")
    assert line["statement"].startswith("SELECT ")
    assert secret not in text(locked)


def test_stuck_worker_is_told_without_the_query(locked, found, eventually):
    request_id, secret = f"test-{uuid.uuid4()}", uuid.uuid4().hex
    headers = {"Cookie": secret, "X-Request-Id": request_id, **bearer(secret)}
    asked = locked.ask(f"/token/?search={secret}", **headers)
    # Each statement begins with the id as a comment.
    eventually(lambda: request_id in locked.sql("SELECT query FROM pg_stat_activity"))
    # Of the workers, not the master, which looks for those that are stuck.
    send(signal.SIGSTOP, locked.processes("server", "uwsgi")[1:])
    line = found(locked, "HARAKIRI [core 0]", HARAKIRI_SECONDS + 15, process="uwsgi", level="WARNING")
    assert "GET /token/ since" in line["message"]
    found(locked, "HARAKIRI ON WORKER", process="uwsgi", level="ERROR")
    assert asked.getresponse().status == 502
    found(locked, "upstream prematurely closed", logger="nginx.error", path="/token/")
    assert secret not in text(locked)
    send(signal.SIGCONT, locked.processes("server", "uwsgi"))
    eventually(lambda: locked.get("/healthcheck/live/").status == 200)


@pytest.fixture
def play(copy):
    """The copy, with the data of an earlier run and stopped; a function that starts it whatever comes of it."""
    assert copy.inv("up").code == 0
    assert copy.inv("down").code == 0
    file = copy.folder / "build" / f"{copy.name}.yaml"

    def play(**variables):
        manifest = yaml.safe_load(file.read_text())
        server = next(c for c in manifest["spec"]["containers"] if c["name"] == "server")
        server["env"] += [{"name": name, "value": value} for name, value in variables.items()]
        file.write_text(yaml.safe_dump(manifest))
        assert podman("kube", "play", str(file)).code == 0

    return play


def test_traceback_at_start_is_one_error(copy, play, found):
    play(DJANGO_SETTINGS_MODULE="flavour")
    line = found(copy, "ModuleNotFoundError: No module named 'flavour'", process="uwsgi", level="ERROR")
    assert "wsgi.py" in line["exc_info"]
    found(copy, "uwsgi ended with code", process="run", level="ERROR")


def test_refused_configuration_of_nginx_is_told(copy, play, found):
    copy.replace("services/server/nginx/nginx.conf", "daemon off;", "flavour;")
    copy.patch_image("server", "services/server/nginx/nginx.conf", "/etc/nginx/nginx.conf")
    play()
    found(copy, 'unknown directive "flavour"', logger="nginx.error", level="CRITICAL")
    found(copy, "nginx ended with code 1", process="run", level="ERROR")
