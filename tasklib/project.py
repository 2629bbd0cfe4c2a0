"""The names of one copy of the project: of its pod, images, containers, files and ports."""

from dataclasses import dataclass
from pathlib import Path

from invoke import Context

from tasklib import pod, shell

POD_FILE = Path("pod.yaml")
BUILD = Path("build")  # all that the tasks write; git ignores it
# In the order in which they are built: each may hold files of those before it.
SERVICES = ["server", "db", "log", "metrics"]  # the containers of the pod, in the order of a request
IMAGES = ["base", "wheels", "server", "db", "log", "metrics", "test", "system-test"]


@dataclass(frozen=True)
class Project:
    """One copy of the project: `name` prefixes all that Podman keeps by name, `port_offset` is added to host ports."""

    name: str
    port_offset: int = 0
    images: str = ""  # the prefix of the images, where they are another copy's

    def image(self, service: str) -> str:
        return f"localhost/{self.images or self.name}-{service}"

    def container(self, service: str) -> str:
        return f"{self.name}-{service}"

    def manifest(self) -> pod.Manifest:
        """pod.yaml with the names and ports of this copy. Raises Exit when it is not valid."""
        return pod.derive(pod.load(POD_FILE), self.name, self.images or self.name, self.port_offset)

    def file(self) -> Path:
        """The file for `podman kube play`: pod.yaml itself, or what is derived from it for another copy."""
        source, derived = pod.load(POD_FILE), self.manifest()
        if derived == source:
            return POD_FILE
        return shell.write(BUILD / f"{self.name}.yaml", pod.dump(derived))

    def url(self, service: str) -> str:
        """Where a published part answers on this machine."""
        return f"http://localhost:{pod.host_ports(self.manifest())[service]}"

    def copy(self, suffix: str, port_offset: int) -> "Project":
        """Another pod of the same images beside this one, with volumes, secrets and ports of its own."""
        return Project(f"{self.name}-{suffix}", self.port_offset + port_offset, self.images or self.name)


def this(c: Context) -> Project:
    """The copy that invoke.yaml and pod.yaml name. Raises Exit."""
    return Project(c.config.name or pod.name(pod.load(POD_FILE)), int(c.config.port_offset), c.config.images)
