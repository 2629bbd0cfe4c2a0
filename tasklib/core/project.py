"""The names of one copy of the project: of its pod, images, containers, files and ports."""

import shlex
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from invoke import Context, Exit

from tasklib.core import manifest, shell, syslog
from tasklib.core.manifest import Manifest
from tasklib.core.services import GRAPH_FILE, POD_FILE, SERVICES

# For pods that are tested and measured: thousands of requests come from one address. The rate of logins stays.
UNLIMITED = "DJANGO_THROTTLE_ANON= DJANGO_THROTTLE_USER="
KNOB = "INVOKE_SERVER_ENV='DJANGO_ADMIN=true NAME=\"a value\"' inv up"
BUILD = Path("build")  # all that the tasks write; git ignores it


@dataclass(frozen=True)
class Project:
    """One copy of the project: `name` prefixes all that Podman keeps by name, `port_offset` is added to host ports."""

    name: str
    port_offset: int = 0
    images: str = ""  # the prefix of the images, where they are another copy's
    variables: str = ""  # of the container `server`, beside those of pod.yaml: NAME=value NAME=value
    archive: bool = False  # whether db archives every change
    node: str = ""  # what another Prometheus knows this pod by, where that is not its name
    graph: bool = False  # with Grafana
    syslog_host: str = ""  # HOST:PORT that log sends its lines on to
    syslog_ca: str = ""  # the file of the authority that signs its certificate, where Debian does not trust that

    @property
    def prefix(self) -> str:
        """What the names of the images begin with."""
        return self.images or self.name

    def image(self, service: str) -> str:
        return f"localhost/{self.prefix}-{service}"

    def container(self, service: str) -> str:
        return f"{self.name}-{service}"

    @cached_property
    def manifest(self) -> Manifest:
        """pod.yaml with the names, ports and variables of this copy. Raises Exit when it is not valid."""
        files = [POD_FILE, *([GRAPH_FILE] if self.graph else [])]
        pod, *others = (manifest.read(file).derived(self.name, self.prefix, self.port_offset) for file in files)
        pod = pod.joined(*others)
        if self.archive:
            pod = pod.with_variables("db", {"POSTGRES_ARCHIVE": "true"})
        if self.variables:
            pod = pod.with_variables("server", assignments(self.variables))
        if self.node:
            pod = pod.with_variables("metrics", {"NODE": self.node})
        if self.syslog_host:
            pod = pod.with_variables("log", syslog.variables(self.syslog_host, self.syslog_ca))
        for service in pod.services:
            if service not in SERVICES:
                raise Exit(f"container '{service}' of {POD_FILE} is unknown - add its line: tasklib/core/services.py")
        return syslog.require(pod)

    def file(self) -> Path:
        """The file for `podman kube play`: pod.yaml itself, or what is derived from it for another copy."""
        if self.manifest == manifest.read(POD_FILE):
            return POD_FILE
        return shell.write(BUILD / f"{self.name}.yaml", self.manifest.dump())

    def url(self, service: str) -> str:
        """Where a published part answers on this machine."""
        return f"http://localhost:{self.manifest.host_ports[service]}"

    def copy(self, suffix: str, port_offset: int, variables: str = "") -> "Project":
        """Another pod of the same images beside this one, with volumes, secrets and ports of its own."""
        variables = f"{self.variables} {variables}".strip()
        return Project(f"{self.name}-{suffix}", self.port_offset + port_offset, self.prefix, variables)

    def with_graph(self) -> "Project":
        return replace(self, graph=True)


def common_name() -> str:
    """The name in pod.yaml, which every copy has in common. Raises Exit."""
    return manifest.read(POD_FILE).name


def this(c: Context) -> Project:
    """The copy that invoke.yaml and pod.yaml name. Raises Exit."""
    name = c.config.name or common_name()
    knobs = c.config
    return Project(
        name,
        int(knobs.port_offset),
        knobs.images,
        knobs.server_env,
        archive=bool(knobs.archive),
        node=knobs.node,
        syslog_host=knobs.syslog_host,
        syslog_ca=knobs.syslog_ca,
    )


def assignments(text: str) -> dict[str, str]:
    """The values by their names in `NAME=value NAME="a value"`. Raises Exit."""
    try:
        pairs = [word.partition("=") for word in shlex.split(text)]
    except ValueError as error:
        raise Exit(f"server_env cannot be read: {error} - write it like this: {KNOB}") from error
    for name, sign, _ in pairs:
        if not (name and sign):
            raise Exit(f"'{name}{sign}' in server_env is no NAME=value - write it like this: {KNOB}")
    return {name: value for name, _, value in pairs}
