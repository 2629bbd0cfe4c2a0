"""Run a command with what forward.conf reads: whether lines are sent on, where, and whose certificate is trusted.

Usage: python3 -m logstore.forward COMMAND...

SYSLOG_HOST is HOST:PORT of a collector, or empty; SYSLOG_CA the certificate, in PEM form, of the authority that signs
the collector's, or empty for those that Debian trusts.
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
DAMAGED = '{"level":"WARNING","logger":"forward","message":"lines to be sent on are lost, but stored","lost":%d}'


def settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of forward.conf. Exits with what is wrong."""
    address = environment.get("SYSLOG_HOST", "")
    if not address:
        return {"FORWARD": "off"}
    found = ADDRESS.fullmatch(address)
    if not found or not 0 < int(found[2]) < 65536:
        sys.exit(f"SYSLOG_HOST '{address}' is no HOST:PORT - write it like this: logs.example.org:6514")
    authority = trusted(environment.get("SYSLOG_CA", ""))
    return {"FORWARD": "on", "FORWARD_HOST": found[1].strip("[]"), "FORWARD_PORT": found[2], "FORWARD_CA": authority}


def trusted(certificate: str) -> str:
    """The file of the authorities; rsyslog reads no variables there. Exits with what is wrong."""
    if not certificate:
        return AUTHORITIES
    OWN_AUTHORITY.write_text(certificate)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(OWN_AUTHORITY)
    except ssl.SSLError as error:
        sys.exit(f"SYSLOG_CA is no certificate in PEM form: {error} - give the text of the authority's file")
    return str(OWN_AUTHORITY)


def mend(folder: Path = QUEUE) -> int:
    """Make a queue that a kill or a full disk has torn one that rsyslog can go on with.

    What was written after the index is cut off. Without a file that the index names, the queue begins anew; returns how
    many lines were to be in it then. With either, rsyslog would lose its place, or send each line before storing the
    next: https://github.com/rsyslog/rsyslog/issues/4018
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
    """Where the queue is written to, and where it is read: the file, and how far into it in bytes."""
    found = zip(fields("iCurrFNum", index), fields("iCurrOffs", index), strict=True)
    return [(folder / f"forward.{int(number):08}", int(offset)) for number, offset in found]


def is_whole(folder: Path, index: str) -> bool:
    """Whether the files hold all that the index says, and something to be read."""
    found = places(folder, index)
    there = all(file.exists() and file.stat().st_size >= offset for file, offset in found)
    return there and len(found) == 2 and found[1] < found[0]


def fields(name: str, index: str) -> list[str]:
    return re.findall(rf"^\+{name}:\d+:\d+:(\d+):$", index, re.MULTILINE)


def main(command: list[str]) -> None:
    """Become the command."""
    os.environ.update(settings(os.environ))
    if lost := mend():
        print(DAMAGED % lost, flush=True)
    os.execvp(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(sys.argv[1:])
