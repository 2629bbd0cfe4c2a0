"""PID 1 of every container: start its processes in order, pass their lines on, stop them in reverse order.

Usage: run.py CONFIG, where CONFIG is a TOML file:

    name = "server"            # the service, under which the lines are stored
    empty = ["/run/metrics"]   # folders emptied first, since a volume outlives a restart
    prepare = ["python3", "x"] # a command that must succeed before anything starts
    [[process]]                # started in this order, stopped in the reverse one
    name = "nginx"
    command = ["nginx"]
    stop = "SIGQUIT"           # what asks it to finish its work and end

A process that ends by itself ends the container, so that a broken one is restarted whole and never runs by halves.
Lines go to standard output and, where the container `log` listens, to it. A log that is away, frozen or slow
costs lines, which are counted, never time.
"""

import os
import queue
import shutil
import signal
import socket
import sys
import threading
import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path

LOG_ADDRESS = ("127.0.0.1", 1514)  # rsyslog.conf has the same port
QUEUE_LINES = 10_000
SEND_SECONDS = 2.0  # the longest that one write to the log may take
FLUSH_SECONDS = 2.0  # the longest that the last lines may take at the end
# A container that cannot start would otherwise be restarted without a pause, for ever.
RESTART_PAUSE_SECONDS = 1.0
SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}


class Log:
    """The lines of the container on their way to standard output and to the container `log`."""

    def __init__(self, service: str, address: tuple[str, int] = LOG_ADDRESS) -> None:
        self.service, self.address = service, address
        self.queue: queue.Queue[bytes] = queue.Queue(QUEUE_LINES)
        self.dropped = 0
        self.connection: socket.socket | None = None
        threading.Thread(target=self._send_all, daemon=True).start()

    def write(self, process: str, line: bytes) -> None:
        """Print one line and queue it for the log, or count it as dropped; never wait."""
        os.write(1, line + b"\n")
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        # RFC 5424: facility user, severity info; host and message id are left out.
        head = f"<14>1 {now} - {self.service} {process} - - "
        try:
            self.queue.put_nowait(head.encode() + line + b"\n")
        except queue.Full:
            self.dropped += 1

    def flush(self) -> None:
        """Wait until all lines are sent, FLUSH_SECONDS at most."""
        deadline = time.monotonic() + FLUSH_SECONDS
        with self.queue.all_tasks_done:
            while self.queue.unfinished_tasks and time.monotonic() < deadline:
                self.queue.all_tasks_done.wait(deadline - time.monotonic())

    def _send_all(self) -> None:
        while True:
            line = self.queue.get()
            while not self._send(line):
                threading.Event().wait(0.2)
            self.queue.task_done()
            if self.dropped:
                dropped, self.dropped = self.dropped, 0
                self.write("run", b'{"level": "WARNING", "message": "log lines dropped", "dropped": %d}' % dropped)

    def _send(self, line: bytes) -> bool:
        try:
            if self.connection is None:
                self.connection = socket.create_connection(self.address, SEND_SECONDS)
            self.connection.sendall(line)
        except OSError:
            if self.connection is not None:
                self.connection.close()
            self.connection = None
        return self.connection is not None


class Processes:
    """The processes of the container, in their order of start."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.running: dict[int, dict] = {}  # by process id
        self.readers: list[threading.Thread] = []

    def start(self, process: dict) -> None:
        """Run a command with its output on a pipe that a thread reads."""
        read, write = os.pipe()
        outputs = [(os.POSIX_SPAWN_DUP2, write, 1), (os.POSIX_SPAWN_DUP2, write, 2)]
        command = process["command"]
        # The signals that this program waits for are blocked in it and must not be in its children.
        pid = os.posix_spawnp(command[0], command, os.environ, file_actions=outputs, setsigmask=[])
        os.close(write)
        self.running[pid] = process
        self.readers.append(threading.Thread(target=self._read, args=(read, process["name"]), daemon=True))
        self.readers[-1].start()

    def reap(self) -> list[dict]:
        """Collect the processes that have ended, orphans as well; return those of ours."""
        ended = []
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return ended
            if pid == 0:
                return ended
            if process := self.running.pop(pid, None):
                ended.append({**process, "code": os.waitstatus_to_exitcode(status)})

    def stop(self) -> None:
        """End all, the last started first, each before the one that it needs."""
        for pid, process in reversed(list(self.running.items())):
            os.kill(pid, signal.Signals[process.get("stop", "SIGTERM")])
            while pid in self.running:
                signal.sigwait({signal.SIGCHLD})
                self.reap()
        for reader in self.readers:
            reader.join(FLUSH_SECONDS)

    def _read(self, pipe: int, name: str) -> None:
        with open(pipe, "rb") as lines:
            for line in lines:
                self.log.write(name, line.rstrip(b"\n"))


def run(config: dict) -> int:
    """Run the container until it is told to stop (0) or one of its processes ends (1)."""
    log = Log(config["name"])
    processes = Processes(log)
    for folder in config.get("empty", []):
        for path in Path(folder).iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    waiting = [{"name": "prepare", "command": config["prepare"]}] if "prepare" in config else []
    stages = [waiting, config["process"]]
    for process in waiting or stages.pop():
        processes.start(process)
    while True:
        if signal.sigwait(SIGNALS) != signal.SIGCHLD:
            code = 0
            break
        ended = processes.reap()
        if ended and ended[0]["name"] == "prepare" and ended[0]["code"] == 0:
            for process in stages.pop():
                processes.start(process)
        elif ended:
            log.write("run", f"{ended[0]['name']} ended with code {ended[0]['code']}".encode())
            code = 1
            break
    processes.stop()
    log.flush()
    time.sleep(RESTART_PAUSE_SECONDS * code)
    return code


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    sys.exit(run(tomllib.loads(Path(sys.argv[1]).read_text())))
