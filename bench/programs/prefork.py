"""Run cheroot, which has threads only, in as many processes as the machine has cores, with one thread each."""

import os

from cheroot.wsgi import Server

from config.wsgi import application


def serve() -> None:
    """Serve requests for ever; the kernel distributes the connections among the processes."""
    Server(("0.0.0.0", 8080), application, numthreads=1, reuse_port=True).start()  # noqa: S104


for _ in range(1, os.cpu_count() or 1):
    if not os.fork():
        break
serve()
