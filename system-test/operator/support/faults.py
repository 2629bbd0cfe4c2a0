"""Faults of a running pod, for real, each undone at its end; and what keeps them up while somebody looks."""

import contextlib
import subprocess
import threading
from collections.abc import Callable, Iterator

from support import lines
from support.checkout import Checkout
from support.clients import asked
from support.commands import podman

Fault = Callable[[Checkout], contextlib.AbstractContextManager[object]]
CONNECT = """
import django, psycopg2, signal
django.setup()
from django.db import connection
kept = []
while True:
    try:
        kept.append(psycopg2.connect(**connection.get_connection_params()))
    except psycopg2.OperationalError:
        signal.pause()
"""
HOLD_MEMORY = "kept = bytearray(b'x') * (185 << 20); import signal; signal.pause()"
FILL = """
import errno
with open("/var/log/pod/filler", "wb", buffering=0) as file:
    try:
        while True:
            file.write(bytes(1 << 16))
    except OSError as error:
        assert error.errno == errno.ENOSPC
"""
DAMAGE = "open('/run/stats/server/workers/counter_1.db', 'wb').write(b'\\xff' * 65536)"
# Waits until somebody has an advisory lock.
TAKEN = """
    DO $$ BEGIN
        WHILE NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = {} AND granted) LOOP
            PERFORM pg_sleep(0.01);
        END LOOP;
    END $$
"""


@contextlib.contextmanager
def program(pod: Checkout, service: str, *command: str) -> Iterator[None]:
    """Let a command run in a container meanwhile."""
    words = ["podman", "exec", f"{pod.name}-{service}", *command]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        # The command does not end with the one that started it.
        podman("exec", f"{pod.name}-{service}", "python3", "-c", STOP, command[-1][:40])
        process.wait(30)


def restarts(pod: Checkout, service: str) -> int:
    """The number of times that Podman has started a container again because it had ended."""
    return int(podman("container", "inspect", "--format", "{{.RestartCount}}", f"{pod.name}-{service}").output)


# Ends every process whose command holds the given words, but for this very one.
STOP = """
import os, signal, sys
for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
    try:
        command = open(f"/proc/{pid}/cmdline").read()
    except OSError:
        continue
    if sys.argv[1] in command and pid not in (1, os.getpid()):
        os.kill(pid, signal.SIGKILL)
"""


@contextlib.contextmanager
def frozen_database(pod: Checkout) -> Iterator[None]:
    """Requests wait for it, until they are a 503."""
    with pod.frozen("db", "postgres"), asked(pod):
        yield


@contextlib.contextmanager
def old_backup(pod: Checkout) -> Iterator[None]:
    pod.sql("COMMENT ON DATABASE service IS 'backup 2020-01-01T00:00:00Z'")
    yield
    pod.sql("COMMENT ON DATABASE service IS NULL")


@contextlib.contextmanager
def missing_migration(pod: Checkout) -> Iterator[None]:
    # Its twin under a name that nothing asks for stays, to be given the name back.
    pod.sql("UPDATE django_migrations SET name = 'away' WHERE app = 'idempotency' AND name = '0001_initial'")
    yield
    pod.sql("UPDATE django_migrations SET name = '0001_initial' WHERE name = 'away'")


@contextlib.contextmanager
def deadlock(pod: Checkout) -> Iterator[None]:
    """Two transactions that take two locks, each in its own order, once both have their first one."""

    def take(first: int, second: int) -> None:
        lock, timeout = "SELECT pg_advisory_xact_lock({})", "SET LOCAL statement_timeout = '60s'"
        pod.sql("BEGIN", timeout, lock.format(first), TAKEN.format(second), lock.format(second), "COMMIT")

    threads = [threading.Thread(target=take, args=order) for order in [(1, 2), (2, 1)]]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def connections(pod: Checkout) -> contextlib.AbstractContextManager[None]:
    return program(pod, "server", "python3", "-c", CONNECT)


def memory(pod: Checkout) -> contextlib.AbstractContextManager[None]:
    return program(pod, "metrics", "python3", "-c", HOLD_MEMORY)


@contextlib.contextmanager
def damaged_numbers(pod: Checkout) -> Iterator[None]:
    podman("exec", f"{pod.name}-server", "python3", "-c", DAMAGE)
    yield
    podman("restart", "--time", "30", f"{pod.name}-server")


@contextlib.contextmanager
def full_log(pod: Checkout) -> Iterator[None]:
    """A frozen log, and more lines than are kept for it."""
    with lines.frozen(pod):
        lines.print_many(pod, 40_000)
        yield


@contextlib.contextmanager
def full_disk(pod: Checkout) -> Iterator[None]:
    """No room on the disk of the log, which is the pod's own."""
    lines.program(pod, "log", FILL)
    yield
    lines.program(pod, "log", "import os; os.unlink('/var/log/pod/filler')")


@contextlib.contextmanager
def locked_table(pod: Checkout) -> Iterator[None]:
    lock = ["BEGIN", "LOCK TABLE knox_authtoken", "SELECT pg_sleep(600)"]
    words = [word for statement in lock for word in ("--command", statement)]
    with program(pod, "db", "psql", "--dbname=service", *words), asked(pod):
        yield
        pod.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)'")


@contextlib.contextmanager
def database_away(pod: Checkout) -> Iterator[None]:
    podman("stop", "--time", "30", f"{pod.name}-db")
    with asked(pod, clients=2):
        yield
    podman("start", f"{pod.name}-db")


@contextlib.contextmanager
def archive_away(pod: Checkout) -> Iterator[None]:
    """Changes of the database, and no folder for them."""
    folder = pod.sql("SHOW basic_archive.archive_directory")
    rename = ["exec", f"{pod.name}-db", "python3", "-c", "import os, sys; os.rename(*sys.argv[1:])"]
    podman(*rename, folder, f"{folder}-away")
    pod.sql("SELECT pg_current_xact_id()", "SELECT pg_switch_wal()")
    yield
    podman(*rename, f"{folder}-away", folder)
