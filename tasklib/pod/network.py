"""The network of the pod: its ports on this machine, and whether the server sees the addresses of its clients."""

import errno
import json
import os
import socket
from pathlib import Path
from typing import Any

from invoke import Context

from tasklib.core import local_http, podman, shell
from tasklib.core.project import Project
from tasklib.core.services import SERVICES
from tasklib.pod import state

# Rootless, Podman's default network replaces each client's address by one of its own; pasta keeps them, IPv6 too.
PASTA = "pasta"
# A busy machine responds late, and what serves is not stopped for that.
CUT_OFF_SECONDS = 15
FORWARDERS = ("conmon", PASTA, "rootlessport", "exe")  # the last is how Podman starts rootlessport
SHARED = (
    "all clients share one address, so limits of rates count them together - start the pod with the network that keeps "
    "addresses: inv restart"
)


def option() -> str:
    """The network to start a pod with; empty for Podman's default, which keeps addresses if root runs it."""
    return PASTA if os.geteuid() else ""


def warn_if_shared(project: Project) -> None:
    """Print a line if a rootless pod has a network of Podman's, as after `podman kube play`; pasta is not one."""
    if os.geteuid() and described(project.name, "Networks"):
        print(SHARED)


def faults(project: Project) -> list[str]:
    """A line for each port that the pod cannot have; those that its running pod has will be free."""
    own = published(project.name)
    taken = [
        (service, port, address, why)
        for service, port, address in project.manifest.published
        if (why := refusal(port, address)) and not (port in own and is_forwarded(port))
    ]
    return [f"port {port} for {service} {fault(port, address, why)}" for service, port, address, why in taken]


def fault(port: int, address: str, why: int) -> str:
    """The fault of a port and its remedy, by the kernel's number of the error."""
    if why == errno.EADDRINUSE:
        again = "INVOKE_NAME=second INVOKE_PORT_OFFSET=100 inv up"
        return f"is taken{holder(port)} - end that, or take other ports: {again}"
    if why == errno.EACCES:
        return f"is for root alone - let others have it, as root: sysctl net.ipv4.ip_unprivileged_port_start={port}"
    return f"cannot be had on {address}: {os.strerror(why)} - mend hostIP in pod.yaml"


def published(pod: str) -> set[int]:
    """The ports of this machine that a pod has; empty if it does not exist."""
    bindings = described(pod, "PortBindings") or {}
    return {int(binding["HostPort"]) for addresses in bindings.values() for binding in addresses}


def is_cut_off(c: Context, project: Project) -> bool:
    """Whether a port of this machine does not reach its service, though that is healthy; prints which."""
    if c.config.run.dry:
        return False

    def fault() -> str:
        healthy = state.healthy(project, [*project.manifest.host_ports])
        return next(iter(cut_off(project, healthy).values()), "")

    if words := shell.until(fault, CUT_OFF_SECONDS, "waiting"):
        print(f"{words} - the pod is started anew")
    return bool(words)


def cut_off(project: Project, healthy: set[str]) -> dict[str, str]:
    """A line for each healthy service that does not respond at its port of this machine."""
    return {
        service: f"port {port} of this machine does not reach {service}, which is healthy"
        for service, port, address in project.manifest.published
        if service in healthy
        and "{url}" in SERVICES[service].where
        and not local_http.responds(address or "localhost", port, probed_path(project, service))
    }


def probed_path(project: Project, service: str) -> str:
    """The path that the container's own probe asks for, so that slow requests are not taken for a lost port."""
    return next((word for word in project.manifest.probe(service) if word.startswith("/")), "/")


def described(pod: str, field: str) -> Any:
    """A field of what Podman says of a pod's network; None if the pod does not exist."""
    return json.loads(shell.capture(podman.pod_network(pod, field)).stdout.strip() or "null")


def is_forwarded(port: int) -> bool:
    """Whether Podman's own programs have a port; another program may have taken one whose forwarder has died."""
    name = holder(port).removeprefix(" by ")
    return not name or name.startswith(FORWARDERS)


def refusal(port: int, address: str = "") -> int:
    """The number of the error with which the kernel refuses to listen on a port; 0 if it does not."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            return error.errno or errno.EADDRNOTAVAIL
    return 0


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
