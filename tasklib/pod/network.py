"""The network of the pod: whether the server sees the addresses of its clients, by which rates are limited."""

import os

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
