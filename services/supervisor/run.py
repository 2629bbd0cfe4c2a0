"""PID 1 of every container: start its processes in order, ship their lines, stop them in reverse order.

Usage: python3 -m supervisor CONFIG, where CONFIG is a TOML file:

    name = "server"            # the service, which is in each stored line
    lock = "/data/.lock"       # a file to lock until the end, since two containers must not use its folder at once
    empty = ["/run/x"]         # folders to empty or make first, because a volume outlives a restart
    volumes = ["/data"]        # folders whose size and disk are measured: resources.py
    ipv6 = ["/x", "text"]      # a file to write where the kernel has IPv6: listening would be an error elsewhere
    prepare = ["python3", "x"] # a command that must succeed before anything starts
    [[process]]                # started in this order, stopped in the reverse one
    name = "nginx"
    command = ["nginx"]
    stop = "SIGQUIT"           # asks it to finish its work and end; default: SIGTERM

If a process ends by itself, the container ends with exit code 1, so that it is restarted as a whole and never runs with
a part missing. SIGTERM and SIGINT stop it with exit code 0.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

from supervisor import dialects, reader, resources
from supervisor.shipper import Log

STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}
# Room for what a program prints between two reads (reader.py): 40,000 lines of requests per second.
PIPE_BYTES = 256 * 1024
READ_SECONDS = 2.0  # at most, to read the last lines of ended processes
# Podman restarts a container that cannot start at once, again and again.
RESTART_PAUSE_SECONDS = 1.0


class Process(NamedTuple):
    """A command of the container, and the signal that stops it."""

    name: str
    command: list[str]
    stop: str = "SIGTERM"


class Ended(NamedTuple):
    """A process that has ended; its code is negative if a signal killed it."""

    name: str
    code: int

    def __str__(self) -> str:
        how = f"was ended by {signal.Signals(-self.code).name}" if self.code < 0 else f"ended with code {self.code}"
        return f"{self.name} {how}"


class Processes:
    """The running processes of the container, in the order of their start."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.running: dict[int, Process] = {}  # by process id
        self.readers: list[threading.Thread] = []

    def start(self, process: Process) -> None:
        """Run a command whose output a thread reads from a pipe. Raises OSError if it cannot run."""
        read, write = os.pipe()
        with contextlib.suppress(PermissionError):  # the user has too many pipes, and this one stays at 64 KB
            fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        outputs = [(os.POSIX_SPAWN_DUP2, write, 1), (os.POSIX_SPAWN_DUP2, write, 2)]
        try:
            # The signals that this program waits for are blocked here, but must not be blocked in its children.
            pid = os.posix_spawnp(process.command[0], process.command, os.environ, file_actions=outputs, setsigmask=[])
        finally:
            os.close(write)
        self.running[pid] = process
        self.readers.append(
            threading.Thread(target=reader.read, args=(read, process.name, self.log.write_all), daemon=True)
        )
        self.readers[-1].start()

    def reap(self) -> list[Ended]:
        """Reap the processes that have ended, orphans included; return those that were started here."""
        ended: list[Ended] = []
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return ended
            if pid == 0:
                return ended
            if process := self.running.pop(pid, None):
                ended.append(Ended(process.name, os.waitstatus_to_exitcode(status)))

    def wait(self) -> Ended | None:
        """Wait until a process ends by itself; return None if this program is told to stop."""
        while not (ended := self.reap()):
            if signal.sigwait({*STOP_SIGNALS, signal.SIGCHLD}) in STOP_SIGNALS:
                return None
        return ended[0]

    def stop(self) -> None:
        """Stop all processes, the last started first, and wait for their last lines."""
        for pid, process in reversed(list(self.running.items())):
            if pid in self.running:
                os.kill(pid, signal.Signals[process.stop])
            while pid in self.running:
                signal.sigwait({signal.SIGCHLD})
                self.reap()
        deadline = time.monotonic() + READ_SECONDS
        for thread in self.readers:
            thread.join(max(0, deadline - time.monotonic()))


def empty(folder: Path) -> None:
    """Remove the content of a folder, or make the folder."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def lock(path: Path) -> str | None:
    """Lock a file until this program ends; return what is wrong, or None."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except PermissionError:
        return f"{path.parent} does not belong to user {os.getuid()} of this container - how to mend it: docs/backup.md"
    except BlockingIOError:
        return f"another container uses {path.parent}, which Podman may have forgotten - to see its processes: inv up"
    return None


def has_ipv6() -> bool:
    """Whether the kernel knows IPv6; it does not if it was started with ipv6.disable=1."""
    try:
        socket.socket(socket.AF_INET6).close()
    except OSError:
        return False
    return True


def supervise(config: dict[str, Any], processes: Processes) -> str | None:
    """Run the container; return None if it is told to stop, or the reason why it cannot go on."""
    try:
        if "lock" in config and (fault := lock(Path(config["lock"]))):
            return fault
        for folder in config.get("empty", []):
            empty(Path(folder))
        if "ipv6" in config and has_ipv6():
            file, text = config["ipv6"]
            Path(file).write_text(text)
        if "prepare" in config:
            processes.start(Process("prepare", config["prepare"]))
            ended = processes.wait()
            if ended is None or ended.code:
                return str(ended) if ended else None
        for process in config["process"]:
            processes.start(Process(**process))
        ended = processes.wait()
        return str(ended) if ended else None
    except OSError as error:
        return f"cannot start: {error}"


def main(config: dict[str, Any]) -> int:
    """Run the container; return its exit code."""
    log = Log(config["name"])
    folders = config.get("volumes", [])
    threading.Thread(target=resources.keep, args=(config["name"], folders), daemon=True).start()
    processes = Processes(log)
    fault = supervise(config, processes)
    if fault:
        log.write("run", dialects.line("ERROR", "run", fault))
    processes.stop()
    log.close()
    if not fault:
        return 0
    signal.sigtimedwait(STOP_SIGNALS, RESTART_PAUSE_SECONDS)
    return 1
