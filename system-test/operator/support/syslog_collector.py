"""A syslog collector: a second rsyslog beside the containers of a pod, which receives their lines over TLS."""

import json
import subprocess
from pathlib import Path

from support.checkout import Checkout
from support.commands import podman

PORT = 6514
CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
CONFIGURATION = f"""
global(workDirectory="/tmp" maxMessageSize="192k" net.enableDNS="off" DefaultNetstreamDriverCAFile="/collector/own.pem"
       DefaultNetstreamDriverCertFile="/collector/server.pem" DefaultNetstreamDriverKeyFile="/collector/server.key")
module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")
input(type="imtcp" address="127.0.0.1" port="{PORT}" ruleset="keep")
main_queue(queue.type="Direct")
template(name="line" type="string" string="%pri% %timestamp:::date-rfc3339% %hostname% %app-name% %procid% %msg%\\n")
ruleset(name="keep") {{ action(type="omfile" file="/collector/lines" template="line") }}
"""
# Lines as a container of the pod sends them; whoever returns from this has had each acknowledged.
WRITE = """
import datetime, json, sys
from supervisor import relp
begin, end, size, level = *map(int, sys.argv[1:4]), sys.argv[4]
now = datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
line = {"level": level, "logger": "test", "message": "x" * size}
connection = relp.Connection(("127.0.0.1", 1514), 60)
for batch in range(begin, end, 100):
    lines = [json.dumps({**line, "number": number}) for number in range(batch, min(batch + 100, end))]
    connection.send([f"<14>1 {now} - server test - - {line}".encode() for line in lines])
    list(connection.taken(len(lines)))
connection.close()
"""


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def authority(folder: Path, name: str) -> Path:
    """Make a certificate that may sign others; return its file."""
    files = ["-keyout", f"{name}.key", "-out", f"{name}.pem"]
    openssl(folder, "req", "-x509", *CURVE, *files, "-days", "1", "-subj", f"/CN={name}")
    return folder / f"{name}.pem"


def write(pod: Checkout, numbers: range, size: int = 300, level: str = "INFO") -> None:
    """Write numbered lines of so many characters to the log, and wait until it has stored them."""
    words = map(str, [numbers.start, numbers.stop, size, level])
    result = podman("exec", f"{pod.name}-log", "python3", "-c", WRITE, *words)
    assert result.code == 0, result.output


class Collector:
    """An rsyslog in the network of a pod; `folder` holds its certificates and the lines that it received."""

    def __init__(self, pod: Checkout, folder: Path) -> None:
        self.folder, self.container = folder, f"{pod.name}-collector"
        self.pod, self.image = pod, f"localhost/{pod.images}-log"
        self.own = authority(folder, "own")
        (folder / "rsyslog.conf").write_text(CONFIGURATION)
        (folder / "lines").touch()
        (folder / "lines").chmod(0o666)

    def start(self, signer: str = "own", host: str = "localhost") -> None:
        """Run it with a certificate for a host, signed by an authority."""
        request = ["req", *CURVE, "-keyout", "server.key", "-out", "server.csr", "-subj", f"/CN={host}"]
        openssl(self.folder, *request, "-addext", f"subjectAltName=DNS:{host}")
        signed = ["-CA", f"{signer}.pem", "-CAkey", f"{signer}.key", "-CAcreateserial", "-copy_extensions", "copy"]
        openssl(self.folder, "x509", "-req", "-in", "server.csr", "-out", "server.pem", "-days", "1", *signed)
        (self.folder / "server.key").chmod(0o644)
        options = ["--detach", "--replace", "--pod", self.pod.name, "--name", self.container, "--read-only"]
        command = ["--entrypoint", "rsyslogd", self.image, "-n", "-i", "NONE", "-f", "/collector/rsyslog.conf"]
        started = podman("run", *options, "--volume", f"{self.folder}:/collector:z", *command)
        assert started.code == 0, started.output

    def stop(self) -> None:
        podman("stop", "--time", "10", self.container)

    def lines(self) -> list[list[str]]:
        """The lines that arrived: priority, time, host, service, process, and the line itself."""
        whole, _, _ = (self.folder / "lines").read_text().rpartition("\n")
        return [line.split(" ", 5) for line in whole.splitlines()]

    def numbers(self) -> set[int]:
        """The numbers of the lines of `write` that have arrived."""
        return {number for line in self.lines() if (number := json.loads(line[5]).get("number")) is not None}
