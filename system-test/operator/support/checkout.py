"""A checkout of the project under names and ports of its own, used as a person does: by `inv`, HTTP and Podman."""

import http.client
import os
import random
import re
import shlex
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from support import processes
from support.commands import SECONDS, Ended, podman, run
from support.tokens import MAKE, UNKNOWN, bearer
from tasklib.core.services import GRAPH, IN_EVERY_POD, every_image

SERVICES = IN_EVERY_POD
IMAGES = ["debian", *every_image()]
MAJORS = [15, 17]  # tags of the db image
PORTS = {"server": 8080, "metrics": 9090, "metrics-graph": 3000}  # pod.yaml, services/metrics-graph/pod.yaml
# Proxies are for the world outside, and a test that runs below `inv` must not inherit its settings.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("INVOKE_")}
# Many clients with one address.
UNLIMITED = dict.fromkeys(["DJANGO_THROTTLE_ANON", "DJANGO_THROTTLE_USER", "DJANGO_THROTTLE_GUESS"], "")
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_offset() -> int:
    """A port offset with which all ports of pod.yaml are free, below those that the kernel gives to clients."""
    while True:
        offset = random.randrange(1000, 22000)
        if not any(is_open(port + offset) for port in PORTS.values()):
            return offset


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Checkout:
    """The project in `folder`: its pod is `name`, made of the images with the prefix `images`."""

    folder: Path
    name: str
    images: str
    offset: int = field(default_factory=free_offset)

    def __post_init__(self) -> None:
        self.set_variables()

    def environment(self, **more: str) -> dict[str, str]:
        knobs = {"INVOKE_NAME": self.name, "INVOKE_IMAGES": self.images, "INVOKE_PORT_OFFSET": str(self.offset)}
        return {**ENVIRONMENT, "PYTHONUNBUFFERED": "1", **knobs, **more}

    @property
    def variables(self) -> Path:
        """The file with the variables of the server."""
        return self.folder / "env" / f"{self.name}.env"

    def set_variables(self, **variables: str) -> None:
        """Write the variables of the server, without limits of rates: many clients with one address use it."""
        self.variables.parent.mkdir(exist_ok=True)
        lines = [f"{name}={shlex.quote(value)}\n" for name, value in {**UNLIMITED, **variables}.items()]
        self.variables.touch(0o600)
        self.variables.write_text("".join(lines))

    def inv(self, *words: str, folder: str = ".", environment: dict[str, str] | None = None, **options) -> Ended:
        """Type `inv WORDS` in a folder of the checkout."""
        command = [sys.executable, "-m", "invoke", *words]
        return run(*command, cwd=self.folder / folder, env=self.environment(**(environment or {})), **options)

    def interrupt(
        self, *words: str, at: str, by: Callable[[], object] | None = None, number: signal.Signals = signal.SIGINT
    ) -> Ended:
        """Type `inv WORDS` and press Ctrl-C, or send or do something else, when a line with `at` appears."""
        process = subprocess.Popen(
            [sys.executable, "-m", "invoke", *words], cwd=self.folder, env=self.environment(), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        before = ""
        for line in process.stdout:
            before += line
            if at in line:
                by() if by else os.killpg(process.pid, number)
                break
        output, _ = process.communicate(timeout=SECONDS)
        return Ended(process.returncode, before + output)

    def url(self, service: str = "server") -> str:
        return f"http://localhost:{PORTS[service] + self.offset}"

    def add_group(self, name: str) -> None:
        """Add a row to a table that every project has: a group of users."""
        self.sql(f"INSERT INTO auth_group (name) VALUES ('{name}')")

    def groups(self) -> list[str]:
        """The names of the groups."""
        return self.sql("SELECT name FROM auth_group").splitlines()

    def tokens(self, count: int) -> list[str]:
        """New tokens of a user."""
        output = podman("exec", f"{self.name}-server", "python3", "-c", MAKE, str(count)).output
        return re.findall("^[0-9a-f]{64}$", output, re.MULTILINE)

    def writes(self) -> bool:
        """Whether the service can write: whether it revokes a token that was just made."""
        (token,) = self.tokens(1)
        return self.get("/token/", "DELETE", **bearer(token)).status == 204

    def sql(self, *statements: str) -> str:
        """The output of psql for statements: bare values, those of a row separated by |."""
        words = [word for statement in statements for word in ("--command", statement)]
        options = ["--dbname=service", "--quiet", "--no-align", "--tuples-only"]
        return podman("exec", f"{self.name}-db", "psql", *options, *words).output.strip()

    def answers(self) -> bool:
        """Whether the service can use its database at this very moment, which its health may be a second behind."""
        try:
            return self.get("/token/", "DELETE", **UNKNOWN).status == 401
        except (OSError, http.client.HTTPException):
            return False

    def ask(self, path: str, method: str = "GET", **headers: str) -> http.client.HTTPConnection:
        """Send a request, whose answer is still to be got."""
        connection = http.client.HTTPConnection("127.0.0.1", PORTS["server"] + self.offset, timeout=40)
        connection.request(method, path, headers={"Connection": "close", **headers})
        return connection

    def get(self, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        """Ask for a path; any status is an answer."""
        return self.ask(path, method, **headers).getresponse()

    def processes(self, service: str, command: str) -> list[int]:
        """The ids on this machine of a container's processes with that command, the oldest first."""
        rows = podman("top", f"{self.name}-{service}", "hpid", "comm").output.splitlines()[1:]
        # A process that ends meanwhile has `?` for its id.
        ids = [int(row.split()[0]) for row in rows if row.split()[1] == command and row[0] != "?"]
        return processes.oldest_first(ids)

    @contextmanager
    def frozen(self, service: str, command: str) -> Iterator[None]:
        """Let no process of a container run on; the kernel takes connections to it all the same."""
        ids = self.processes(service, command)
        processes.send(signal.SIGSTOP, ids)
        try:
            yield
        finally:
            processes.send(signal.SIGCONT, ids)

    def ids(self) -> list[str]:
        """The containers of the pod, by id."""
        # A filter by pod would take pods as well whose names only begin alike.
        rows = podman("ps", "--no-trunc", "--format", "{{.ID}} {{.PodName}}").output.splitlines()
        return sorted(row.split()[0] for row in rows if row.endswith(f" {self.name}"))

    def volumes(self) -> list[str]:
        return [name for name in podman("volume", "ls", "--quiet").output.split() if name.startswith(f"{self.name}-")]

    def leftovers(self) -> list[str]:
        """The leftovers of the pod that are not data: containers in it or beside it, and volumes."""
        containers = podman("ps", "--all", "--format", "{{.Names}} of {{.PodName}}").output.splitlines()
        volumes = [name for name in self.volumes() if not name.endswith(("-data", "-archive"))]
        return [line for line in containers if f"{self.name}-" in line or line.endswith(f" {self.name}")] + volumes

    def image_id(self, service: str) -> str:
        return podman("image", "inspect", "--format", "{{.Id}}", f"localhost/{self.images}-{service}").output.strip()

    def remove(self) -> None:
        """Remove all that Podman keeps under the name, and the files that tasks wrote."""
        podman("pod", "rm", "--force", "--ignore", "--time", "5", self.name)
        # A container of a killed task may use a volume. Podman writes its one file of all secrets in place: Ctrl-C at
        # that instant would empty it.
        for kind, options in (("volume", ["--force"]), ("secret", [])):
            names = podman(kind, "ls", "--format", "{{.Name}}").output.split()
            if own := [name for name in names if name.startswith(f"{self.name}-")]:
                run("setsid", "--fork", "--wait", "podman", kind, "rm", *options, *own)
        serving = [f"localhost/{self.images}-{service}:serving-{self.name}" for service in [*SERVICES, GRAPH]]
        podman("image", "rm", "--ignore", *serving)
        if self.images == self.name:
            names = [f"localhost/{self.name}-{image}" for image in [*IMAGES, "grafana", GRAPH]]
            podman("image", "rm", "--ignore", *names, *(f"localhost/{self.name}-db:{major}" for major in MAJORS))
        self.variables.unlink(missing_ok=True)
        for end in ("yaml", "serving.yaml", "lock"):
            (self.folder / "build" / f"{self.name}.{end}").unlink(missing_ok=True)
