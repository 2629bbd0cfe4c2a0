"""The collector that the lines are forwarded to; services/log/logstore/forward.py in the container checks the same."""

import re
from collections.abc import Iterator
from pathlib import Path

from invoke import Exit

from tasklib.core.manifest import Manifest

HOST, CA = "SYSLOG_HOST", "SYSLOG_CA"
ADDRESS = re.compile(r"([\w.-]+|\[[\da-fA-F:.]+\]):(\d{1,5})")
EXAMPLE = "logs.example.org:6514"
PEM = "-----BEGIN CERTIFICATE-----"


def faults(host: str, file: str) -> Iterator[str]:
    """The faults of a collector's address, and of the file of the authority that signs its certificate."""
    if host and not is_address(host):
        yield f"syslog_host is '{host}' instead of HOST:PORT - write it like this: INVOKE_SYSLOG_HOST={EXAMPLE} inv up"
    if not file:
        return
    try:
        text = Path(file).read_text()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        yield f"'{file}' in syslog_ca cannot be read: {reason} - name a file in PEM form"
        return
    if PEM not in text:
        yield f"'{file}' in syslog_ca is not a certificate in PEM form - name the file of the authority"


def is_address(text: str) -> bool:
    match = ADDRESS.fullmatch(text)
    return match is not None and 0 < int(match[2]) < 65536


def variables(host: str, file: str) -> dict[str, str]:
    """The variables of `log`, from settings without faults."""
    return {HOST: host, CA: Path(file).read_text()} if file else {HOST: host}


def require(pod: Manifest) -> Manifest:
    """The same pod, if `log` can use the variables that it has there. Raises Exit."""
    variables = pod.variables("log")
    host, certificate = variables.get(HOST, ""), variables.get(CA, "")
    if host and not is_address(host):
        raise Exit(f"{HOST} of pod.yaml is '{host}' instead of HOST:PORT - write it like this: {EXAMPLE}")
    if certificate and PEM not in certificate:
        raise Exit(f"{CA} of pod.yaml is not a certificate in PEM form - write the text of the authority's file there")
    return pod
