"""The files in which workers and mules count, one for each slot: named by process id, every respawn would leave one."""

import os
import struct
from pathlib import Path

import uwsgi
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.values import MultiProcessValue

BEGIN = 8  # offset of the first value


def value_class():
    """The class of values for `prometheus_client.values.ValueClass`."""
    uwsgi.post_fork_hook = discard_damaged
    return MultiProcessValue(slot)


def slot():
    """The number of a worker or the name of a mule.

    It is not the master's, where the values were made: the library reads a file again only if this has changed.
    """
    return uwsgi.worker_id() or f"mule{uwsgi.mule_id()}"


def discard_damaged():
    """Remove damaged files of the slot's last worker: with one, each request would be a 500."""
    for file in Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).glob(f"*_{slot()}.db"):
        try:
            whole = is_begun(file)
            MmapedDict(file).close()
        # Damaged bytes may raise anything in the library.
        except Exception:  # noqa: BLE001
            whole = False
        if not whole:
            file.unlink()


def is_begun(file):
    """Whether the header gives a size within the file: the library trusts any number.

    services/metrics/exporter/workers.py has the same check, in another image.
    """
    (used,) = struct.unpack("i", file.read_bytes()[:4])
    return used == 0 or BEGIN <= used <= file.stat().st_size
