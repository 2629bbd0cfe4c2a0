"""cheroot, which has threads but no processes, with as many of them as the machine has cores and one thread each."""

import os

from cheroot.wsgi import Server

from config.wsgi import application


def serve() -> None:
    """Answer requests for ever; the kernel shares the connections out among the processes."""
    Server(("0.0.0.0", 8080), application, numthreads=1, reuse_port=True).start()  # noqa: S104


for _ in range(1, os.cpu_count() or 1):
    if not os.fork():
        break
serve()
