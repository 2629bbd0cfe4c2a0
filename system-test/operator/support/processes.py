"""Processes as this machine numbers them, which begins anew at some point: a lower id need not be an older process."""

import os
import signal
from contextlib import suppress
from pathlib import Path


def oldest_first(ids: list[int]) -> list[int]:
    """The processes that still run, in the order in which they started."""
    # Asked once, so that one that ends meanwhile is not the oldest.
    times = {process: began(process) for process in ids}
    return sorted(filter(times.get, ids), key=times.__getitem__)


def began(process: int) -> int:
    """When a process began, in ticks of the kernel (proc_pid_stat(5), starttime); 0 for one that has ended."""
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19])
    except OSError:
        return 0


def send(number: signal.Signals, processes: list[int]) -> None:
    """Send a signal to processes, of which some may have ended."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)
