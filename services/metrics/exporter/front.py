"""Write the part of the front's configuration that differs from pod to pod: python3 -m exporter.front.

Its readers are this machine, which appears with the address of the pod's gateway or of the pod itself, and whoever may
reach a name in METRICS_HOSTS.
"""

import os
import re
import socket
import sys
from collections.abc import Iterable
from pathlib import Path

FILE = Path("/tmp/front.conf")  # services/metrics/front.conf includes it
ROUTES = Path("/proc/net/route")
LOCAL = ["localhost", "127.0.0.1", "[::1]"]
NAME = re.compile(r"[\w.-]+|\[[\da-fA-F:]+\]")


def gateways(routes: str) -> set[str]:
    """The gateways in the kernel's table of routes, whose addresses are hexadecimal and in the order of the machine."""
    words = [line.split() for line in routes.splitlines()[1:]]
    addresses = {bytes.fromhex(row[2])[:: 1 if sys.byteorder == "big" else -1] for row in words if len(row) > 2}
    return {socket.inet_ntoa(address) for address in addresses if any(address)}


def own_address() -> set[str]:
    """The address from which this pod reaches others; empty without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: https://www.rfc-editor.org/rfc/rfc5737
        except OSError:
            return set()
        return {probe.getsockname()[0]}


def hosts(words: str) -> list[str]:
    """The names in METRICS_HOSTS. Exits if one is not a host name or an address."""
    if wrong := [word for word in words.split() if not NAME.fullmatch(word)]:
        sys.exit(f"METRICS_HOSTS: '{wrong[0]}' is not a host name or address - write names, with spaces between them")
    return words.split()


def configuration(names: list[str], sources: Iterable[str]) -> str:
    """nginx's variables $is_stranger and $is_unknown_host; with names of its own, any address may read."""
    known = "".join(f"{source} 0; " for source in ["127.0.0.0/8", "::1", *sorted(sources)])
    allowed = "".join(f'"{name.lower()}" 0; ' for name in dict.fromkeys([*LOCAL, *names]))
    strangers = f"geo $is_stranger {{ default {0 if names else 1}; {known}}}\n"
    return f"{strangers}map $host $is_unknown_host {{ default 1; {allowed}}}\n"


if __name__ == "__main__":
    machine = gateways(ROUTES.read_text()) | own_address()
    FILE.write_text(configuration(hosts(os.environ.get("METRICS_HOSTS", "")), machine))
