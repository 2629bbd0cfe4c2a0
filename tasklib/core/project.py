"""The names of one copy of the project: of its pod, images, containers, files and ports."""

import contextlib
import fcntl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from invoke import Exit

from tasklib.core import manifest, podman, server_variables, settings, shell, syslog
from tasklib.core.manifest import Manifest
from tasklib.core.manifest_faults import HIGHEST_PORT
from tasklib.core.services import GRAPH, GRAPH_FILE, POD_FILE, SERVICES

# For pods that are tested and measured: thousands of requests come from one address. The rate of logins stays.
UNLIMITED = dict.fromkeys(["DJANGO_THROTTLE_ANON", "DJANGO_THROTTLE_USER", "DJANGO_THROTTLE_GUESS"], "")
BUILD = Path("build")  # all that the tasks write; git ignores it


@dataclass(frozen=True)
class Project:
    """One copy of the project: `name` prefixes all that Podman keeps by name, `port_offset` is added to host ports."""

    name: str
    port_offset: int = 0
    images: str = ""  # the prefix of the images, where they are another copy's
    variables: Mapping[str, str] = field(default_factory=dict)  # of the server, beside those of pod.yaml
    archive: bool = False  # whether db archives every change
    node: str = ""  # what another Prometheus knows this pod by, where that is not its name
    graph: bool = False  # with Grafana
    syslog_host: str = ""  # HOST:PORT that log sends its lines on to
    syslog_ca: str = ""  # the file of the authority that signs its certificate, where Debian does not trust that
    played: Path | None = None  # the file of its pod, where that is not derived from pod.yaml

    @property
    def prefix(self) -> str:
        """The prefix of the names of the images."""
        return self.images or self.name

    def image(self, service: str) -> str:
        return f"localhost/{self.prefix}-{service}"

    def container(self, service: str) -> str:
        return f"{self.name}-{service}"

    @cached_property
    def manifest(self) -> Manifest:
        """pod.yaml with the names, ports and variables of this copy. Raises Exit when it is not valid."""
        if self.played:
            return manifest.load(self.played)
        files = [POD_FILE, *([GRAPH_FILE] if self.graph and GRAPH in SERVICES else [])]
        pod, *others = (manifest.read(file).derived(self.name, self.prefix, self.port_offset) for file in files)
        pod = pod.joined(*others)
        if self.archive:
            pod = pod.with_variables("db", {"POSTGRES_ARCHIVE": "true"})
        if self.variables:
            pod = pod.with_variables("server", self.variables)
        if self.node:
            pod = pod.with_variables("metrics", {"NODE": self.node})
        if self.syslog_host:
            pod = pod.with_variables("log", syslog.variables(self.syslog_host, self.syslog_ca))
        return syslog.require(pod)

    def file(self) -> Path:
        """The file for `podman kube play`: pod.yaml itself, or what is derived from it for another copy."""
        return self.original or shell.write(BUILD / f"{self.name}.yaml", self.text())

    def text(self) -> str:
        """The text of that file."""
        return self.original.read_text() if self.original else self.manifest.dump()

    @property
    def original(self) -> Path | None:
        """The file that describes exactly this pod; None if it has to be written."""
        return self.played or (POD_FILE if self.manifest == manifest.read(POD_FILE) else None)

    def url(self, service: str) -> str:
        """The address of a published service on this machine."""
        return f"http://localhost:{self.manifest.host_ports[service]}"

    def probe(self, service: str) -> shell.Words:
        """Run the probe of a container; `podman healthcheck run` would count a failure, and restart the container."""
        return podman.execute(self.container(service), *self.manifest.probe(service))

    def copy(self, suffix: str, port_offset: int, variables: Mapping[str, str]) -> "Project":
        """Another pod of the same images beside this one, with volumes, secrets and ports of its own."""
        name, offset = f"{self.name}-{suffix}", self.port_offset + port_offset
        return Project(name, offset, self.prefix, {**self.variables, **variables})

    def with_graph(self) -> "Project":
        return replace(self, graph=True)


def common_name() -> str:
    """The name in pod.yaml, which every copy has in common. Raises Exit."""
    return manifest.read(POD_FILE).name


def pod_name() -> str:
    """The name of the pod that the tasks work on. Raises Exit."""
    return settings.read().name or common_name()


@contextlib.contextmanager
def turn(pod: str) -> Iterator[None]:
    """Wait until no other task stops or starts a pod, and let others wait meanwhile."""
    BUILD.mkdir(exist_ok=True)
    # The kernel gives the lock back at the end of this process, however that comes.
    with (BUILD / f"{pod}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another task works on the pod '{pod}'; this one waits for it", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def this() -> Project:
    """This copy, by invoke.yaml, INVOKE_* variables, pod.yaml and env/NAME.env. Raises Exit with the faults of all."""
    given, name = settings.read(), pod_name()
    project = Project(
        name,
        given.port_offset,
        given.images,
        server_variables.read(name),
        archive=given.archive,
        node=given.node,
        syslog_host=given.syslog_host,
        syslog_ca=given.syslog_ca,
    )
    require_usable(project.manifest)
    return project


def require_usable(pod: Manifest) -> None:
    """Raise Exit with a line for each service, variable and port of a pod that cannot be used."""
    found = []
    for service in pod.services:
        if service not in SERVICES:
            found.append(f"container '{service}' is unknown - add its line: tasklib/core/services.py")
        if not pod.probe(service):
            found.append(f"container '{service}' has no exec livenessProbe - add one, as the others have")
        found += [f"container '{service}' {fault}" for fault in server_variables.unknown(pod.variables(service))]
    for service, port in pod.host_ports.items():
        if port > HIGHEST_PORT:
            found.append(f"port {port} of {service} is above {HIGHEST_PORT} - take a lower port_offset")
    if found:
        raise Exit("\n".join(f"{POD_FILE}: {fault}" for fault in found))
