"""Run a command with the variables of forward.conf: whether and where lines are forwarded, and which CA is trusted.

Usage: python3 -m logstore.forward COMMAND...

SYSLOG_HOST is HOST:PORT of a collector, or empty. SYSLOG_CA is the certificate, in PEM form, of the authority that has
signed the collector's certificate, or empty for the authorities that Debian trusts.
"""

import os
import re
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path

ADDRESS = re.compile(r"([\w.-]+|\[[\da-fA-F:.]+\]):(\d{1,5})")  # tasklib/core/syslog.py has the same
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
OWN_AUTHORITY = Path("/tmp/ca.pem")
QUEUE = Path("/var/log/pod")
DAMAGED = '{"level":"WARNING","logger":"forward","message":"lines were stored but will not be forwarded","lost":%d}'


def settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of forward.conf. Exits if SYSLOG_HOST or SYSLOG_CA is wrong."""
    address = environment.get("SYSLOG_HOST", "")
    if not address:
        return {"FORWARD": "off"}
    found = ADDRESS.fullmatch(address)
    if not found or not 0 < int(found[2]) < 65536:
        sys.exit(f"SYSLOG_HOST '{address}' is not HOST:PORT - write it like this: logs.example.org:6514")
    authority = trusted(environment.get("SYSLOG_CA", ""))
    return {"FORWARD": "on", "FORWARD_HOST": found[1].strip("[]"), "FORWARD_PORT": found[2], "FORWARD_CA": authority}


def trusted(certificate: str) -> str:
    """The file of the trusted authorities: rsyslog takes no certificate from a variable. Exits if it is not valid."""
    if not certificate:
        return AUTHORITIES
    OWN_AUTHORITY.write_text(certificate)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(OWN_AUTHORITY)
    except ssl.SSLError as error:
        sys.exit(f"SYSLOG_CA is not a certificate in PEM form: {error} - give the text of the authority's file")
    return str(OWN_AUTHORITY)


def mend(folder: Path = QUEUE) -> int:
    """Repair a queue that a kill or a full disk has damaged; return how many lines are lost.

    Bytes after the position in the index are cut off. If a file that the index names is missing, the queue starts
    empty. Otherwise rsyslog would lose its position, or forward each line before it stores the next:
    https://github.com/rsyslog/rsyslog/issues/4018
    """
    index = folder / "forward.qi"
    text = index.read_text() if index.exists() else ""
    if is_whole(folder, text):
        last, end = places(folder, text)[0]
        os.truncate(last, end)
        rest = [file for file in folder.glob("forward.0*") if file > last]
    else:
        rest = [*folder.glob("forward.*")]
    for file in rest:
        file.unlink()
    return 0 if index.exists() else sum(map(int, fields("iQueueSize", text)))


def places(folder: Path, index: str) -> list[tuple[Path, int]]:
    """The positions at which the queue is written and read, each as a file and an offset in bytes."""
    found = zip(fields("iCurrFNum", index), fields("iCurrOffs", index), strict=True)
    return [(folder / f"forward.{int(number):08}", int(offset)) for number, offset in found]


def is_whole(folder: Path, index: str) -> bool:
    """Whether the files hold all that the index names, and something is left to read."""
    found = places(folder, index)
    there = all(file.exists() and file.stat().st_size >= offset for file, offset in found)
    return there and len(found) == 2 and found[1] < found[0]


def fields(name: str, index: str) -> list[str]:
    return re.findall(rf"^\+{name}:\d+:\d+:(\d+):$", index, re.MULTILINE)


def main(command: list[str]) -> None:
    """Repair the queue, and run the command in place of this program."""
    os.environ.update(settings(os.environ))
    if lost := mend():
        print(DAMAGED % lost, flush=True)
    os.execvp(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
