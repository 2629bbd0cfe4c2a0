"""The network of the pod: its ports on this machine, and whether the server sees the addresses of its clients."""

import os
import socket
from pathlib import Path

from invoke import Exit

from tasklib.core import podman, shell
from tasklib.core.project import Project

# Rootless, Podman's default network replaces each client's address by one of its own; pasta keeps them, IPv6 too.
PASTA = "pasta"
SHARED = (
    "all clients share one address, so limits of rates count them together - start the pod with the network that keeps "
    "addresses: inv restart"
)


def option() -> str:
    """The network to start a pod with; empty for Podman's default, which keeps addresses if root runs it."""
    return PASTA if os.geteuid() else ""


def warn_if_shared(project: Project) -> None:
    """Print a line if a rootless pod has the default network, as after `podman kube play`."""
    if os.geteuid() and shell.capture(podman.pod_networks(project.name)).stdout.strip():
        print(SHARED)


def require_free(wanted: dict[str, int]) -> None:
    """Raise Exit if a host port is taken, naming its process if that is known."""
    for service, port in wanted.items():
        if not is_free(port):
            raise Exit(
                f"port {port} for {service} is taken{holder(port)} - end that, or take other ports: "
                f"INVOKE_NAME=second INVOKE_PORT_OFFSET=100 inv up"
            )


def is_free(port: int) -> bool:
    """Whether a program could listen on the port on all addresses."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True


def holder(port: int, proc: Path = Path("/proc")) -> str:
    """` by NAME (process ID)` of the process that listens; empty if the kernel hides it from this user."""
    inodes = {f"socket:[{inode}]" for inode in listening_inodes(port, proc)}
    for process in proc.glob("[0-9]*"):
        try:
            if any(str(link.readlink()) in inodes for link in (process / "fd").iterdir()):
                return f" by {(process / 'comm').read_text().strip()} (process {process.name})"
        except OSError:  # another user's, or gone
            continue
    return ""


def listening_inodes(port: int, proc: Path) -> list[str]:
    """The sockets in state LISTEN (0A) on the port: https://docs.kernel.org/networking/proc_net_tcp.html"""
    rows = [line.split() for name in ("tcp", "tcp6") for line in _lines(proc / "net" / name)[1:]]
    return [row[9] for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port]


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []
