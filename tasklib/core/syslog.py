"""Where the pod's lines are sent on to, which services/log/logstore/forward.py checks as well."""

import re
from pathlib import Path

from invoke import Exit

from tasklib.core.manifest import Manifest

HOST, CA = "SYSLOG_HOST", "SYSLOG_CA"
ADDRESS = re.compile(r"([\w.-]+|\[[\da-fA-F:.]+\]):(\d{1,5})")
KNOB = "INVOKE_SYSLOG_HOST=logs.example.org:6514 inv up"


def variables(host: str, certificate: str) -> dict[str, str]:
    """The variables for a facility, and for the file of the authority that signs its certificate. Raises Exit."""
    if not certificate:
        return {HOST: host}
    try:
        return {HOST: host, CA: Path(certificate).read_text()}
    except (OSError, ValueError) as error:
        raise Exit(f"'{certificate}' in syslog_ca cannot be read: {error} - name a file in PEM form") from error


def require(manifest: Manifest) -> Manifest:
    """The same pod, if what it tells `log` can be used. Raises Exit."""
    told = manifest.variables("log")
    if address := told.get(HOST, ""):
        found = ADDRESS.fullmatch(address)
        if not found or not 0 < int(found[2]) < 65536:
            raise Exit(f"{HOST} '{address}' is no HOST:PORT - write it like this: {KNOB}")
    certificate = told.get(CA, "")
    if certificate and "-----BEGIN CERTIFICATE-----" not in certificate:
        raise Exit(f"{CA} is no certificate in PEM form - name the authority's file: syslog_ca in invoke.yaml")
    return manifest
