"""What the kernel says of processes and processors: https://docs.kernel.org/filesystems/proc.html"""

import os
import re
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from invoke import Exit

from tasklib.core import podman, shell

PROC = Path("/proc")
QUIET, QUIET_SECONDS = 0.07, 15.0  # a part of all processors, and how long is waited for it before each point
POLL_SECONDS = 0.002  # short against all that is timed
WINDOW_SECONDS = 0.5


def tree(pid: int, proc: Path = PROC) -> list[int]:
    """A process and all that descend from it."""
    parents = {int(path.name): parent(path) for path in proc.glob("[0-9]*")}
    found = [pid]
    for process in found:
        found += [child for child, above in parents.items() if above == process]
    return found


def parent(process: Path) -> int:
    """The parent's id, which stands behind the name and the state; 0 where the process is gone."""
    fields = read(process / "stat").rpartition(")")[2].split()
    return int(fields[1]) if fields else 0


def read(file: Path) -> str:
    """A file's text; empty where its process is gone."""
    try:
        return file.read_text()
    except OSError:
        return ""


def memory(pids: list[int]) -> float:
    """The proportional set size (PSS) of processes of containers, together, in MB. Raises Exit."""
    files = [f"{PROC}/{pid}/smaps_rollup" for pid in pids]
    answer = shell.ask(podman.among_users("cat", *files))
    if not answer.stdout:
        raise Exit(f"memory was not measured: {shell.last_lines(answer.stderr, 1)} - type: inv doctor")
    return proportional(answer.stdout)


def proportional(rollups: str) -> float:
    """The sum of PSS in texts of smaps_rollup, in MB."""
    return sum(int(size) for size in re.findall(r"^Pss: +(\d+) kB", rollups, flags=re.MULTILINE)) * 1024 / 1e6


def program_start(pid_file: Path, before: int, command: list[str]) -> float:
    """Wait until the process in the file is another and has become the command; return when, by time.monotonic.

    The kernel tells when a process began, but that of a container begins as the runtime, which prepares it.
    """
    words = "".join(f"{word}\0" for word in command)

    def has_become() -> bool:
        pid = read(pid_file)
        return pid not in ("", str(before)) and read(PROC / pid / "cmdline") == words

    return moment(has_become, f"the start of {command[0]}")


def moment(condition: Callable[[], bool], what: str, seconds: float = 30.0) -> float:
    """Wait until the condition holds; return when, by time.monotonic. Raises Exit after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Exit(f"{what} was waited for {seconds:.0f} s in vain - look at it: inv logs")
        threading.Event().wait(POLL_SECONDS)
    return time.monotonic()


def busy(before: str, after: str) -> float:
    """The part of all processors' time that was used between two readings of /proc/stat, 0 to 1."""
    first, second = ([int(word) for word in text.split("\n")[0].split()[1:9]] for text in (before, after))
    spent = [end - start for start, end in zip(first, second, strict=True)]
    idle = spent[3] + spent[4]  # for want of work, and of a disk
    return 1 - idle / max(sum(spent), 1)


def cpu(pids: Iterable[int], proc: Path = PROC) -> float:
    """The seconds that processes with all their threads have spent on a processor."""
    tasks = [task for pid in pids for task in (proc / str(pid)).glob("task/*/schedstat")]
    return sum(int((read(task) or "0").split()[0]) for task in tasks) / 1e9


class Meter:
    """The CPU time of groups of containers, each by their first processes, since it was made."""

    def __init__(self, **groups: list[int]) -> None:
        self.groups, self.start, self.stat = groups, time.monotonic(), read(PROC / "stat")
        self.before = self.seconds()

    def seconds(self) -> dict[str, float]:
        return {name: cpu([pid for first in group for pid in tree(first)]) for name, group in self.groups.items()}

    def used(self) -> dict[str, float]:
        """The seconds of each group."""
        return {name: seconds - self.before[name] for name, seconds in self.seconds().items()}

    def foreign(self, own: float) -> float:
        """The part of all processors that others used, where `own` are the seconds of those that were wanted."""
        passed = (time.monotonic() - self.start) * (os.cpu_count() or 1)
        return max(0.0, busy(self.stat, read(PROC / "stat")) - own / passed)


def wait_for_quiet() -> float:
    """Wait, QUIET_SECONDS at most, until no more than the part QUIET of the processors is used; return what is."""
    deadline = time.monotonic() + QUIET_SECONDS
    while True:
        before = read(PROC / "stat")
        threading.Event().wait(WINDOW_SECONDS)
        share = busy(before, read(PROC / "stat"))
        if share <= QUIET or time.monotonic() > deadline:
            return share
