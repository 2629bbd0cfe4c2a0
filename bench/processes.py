"""Readings of processes and processors from /proc: https://docs.kernel.org/filesystems/proc.html"""

import os
import re
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from invoke import Exit

from tasklib.core import podman, shell

PROC = Path("/proc")
QUIET, QUIET_SECONDS = 0.07, 15.0  # a fraction of all processors, and how long each point waits for it
POLL_SECONDS = 0.002  # short compared with everything that is timed
WINDOW_SECONDS = 0.5


def tree(pid: int, proc: Path = PROC) -> list[int]:
    """A process and all its descendants."""
    parents = {int(path.name): parent(path) for path in proc.glob("[0-9]*")}
    family = [pid]
    for process in family:
        family += [child for child, above in parents.items() if above == process]
    return family


def parent(process: Path) -> int:
    """The parent's id, which follows the name and the state; 0 if the process has ended."""
    fields = read(process / "stat").rpartition(")")[2].split()
    return int(fields[1]) if fields else 0


def read(file: Path) -> str:
    """The text of a file; empty if its process has ended."""
    try:
        return file.read_text()
    except OSError:
        return ""


def memory(pids: list[int]) -> float:
    """The sum of the proportional set sizes (PSS) of processes in containers, in MB. Raises Exit."""
    files = [f"{PROC}/{pid}/smaps_rollup" for pid in pids]
    result = shell.capture(podman.among_users("cat", *files))
    if not result.stdout:
        raise Exit(f"memory was not measured: {shell.last_lines(result.stderr, 1)} - type: inv doctor")
    return proportional(result.stdout)


def proportional(rollups: str) -> float:
    """The sum of all PSS lines of smaps_rollup files, in MB."""
    return sum(int(size) for size in re.findall(r"^Pss: +(\d+) kB", rollups, flags=re.MULTILINE)) * 1024 / 1e6


def program_start(pid_file: Path, before: int, command: list[str]) -> float:
    """Wait until the PID file names a new process that runs the command; return when, by time.monotonic.

    The kernel records when a process began, but a container's begins as the runtime, which then executes the command.
    """
    words = "".join(f"{word}\0" for word in command)

    def has_become() -> bool:
        pid = read(pid_file)
        return pid not in ("", str(before)) and read(PROC / pid / "cmdline") == words

    return moment(has_become, f"the start of {command[0]}")


def moment(condition: Callable[[], bool], what: str, seconds: float = 30.0) -> float:
    """Wait until the condition holds; return when, by time.monotonic. Raises Exit after that many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Exit(f"{what} did not come within {seconds:.0f} s - look at it: inv logs")
        threading.Event().wait(POLL_SECONDS)
    return time.monotonic()


def busy(before: str, after: str) -> float:
    """The fraction of all processors' time that was used between two readings of /proc/stat."""
    first, second = ([int(word) for word in text.split("\n")[0].split()[1:9]] for text in (before, after))
    spent = [end - start for start, end in zip(first, second, strict=True)]
    idle = spent[3] + spent[4]  # without work, and waiting for a disk
    return 1 - idle / max(sum(spent), 1)


def cpu(pids: Iterable[int], proc: Path = PROC) -> float:
    """The CPU seconds of processes, all their threads included."""
    tasks = [task for pid in pids for task in (proc / str(pid)).glob("task/*/schedstat")]
    return sum(int((read(task) or "0").split()[0]) for task in tasks) / 1e9


class Meter:
    """The CPU time of groups of containers, named by their first processes, since the meter was made."""

    def __init__(self, **groups: list[int]) -> None:
        self.groups, self.start, self.stat = groups, time.monotonic(), read(PROC / "stat")
        self.before = self.seconds()

    def seconds(self) -> dict[str, float]:
        return {name: cpu([pid for first in group for pid in tree(first)]) for name, group in self.groups.items()}

    def used(self) -> dict[str, float]:
        """The CPU seconds of each group since the start."""
        return {name: seconds - self.before[name] for name, seconds in self.seconds().items()}

    def foreign(self, own: float) -> float:
        """The fraction of all processors that other programs used; `own` are the CPU seconds of the measured ones."""
        passed = (time.monotonic() - self.start) * (os.cpu_count() or 1)
        return max(0.0, busy(self.stat, read(PROC / "stat")) - own / passed)


def wait_for_quiet() -> float:
    """Wait at most QUIET_SECONDS until the processors are nearly idle; return the fraction in use."""
    deadline = time.monotonic() + QUIET_SECONDS
    while True:
        before = read(PROC / "stat")
        threading.Event().wait(WINDOW_SECONDS)
        share = busy(before, read(PROC / "stat"))
        if share <= QUIET or time.monotonic() > deadline:
            return share
