"""The one table of images and services: build order, stop order, `inv status`, `inv shell` and secrets follow from it.

A further container is its Containerfile, its folder in services/, its block in pod.yaml, and its line in IMAGES.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from invoke import Exit

ROOT = Path(__file__).parents[2]
POD_FILE = Path("pod.yaml")
GRAPH = "metrics-graph"
GRAPH_FILE = Path("services") / GRAPH / "pod.yaml"
OCI = "org.opencontainers.image"  # https://github.com/opencontainers/image-spec/blob/main/annotations.md
VERSION_LABEL = f"{OCI}.version"  # the commit that an image was built from
PACKAGES_LABEL = "debian.packages"  # the day of the Debian packages in an image
NEAR = 0.8  # of 1, as difflib measures likeness: names with a common prefix are alike by it alone
DATABASE = "service"  # the database that the server uses
MAJOR = "17"  # of the PostgreSQL in the db image; Podman keeps that image under this tag as well
# The files that the data of the db image is made of; a changed view is not a reason to build that image again.
SCHEMA = (
    "containers/db",
    "requirements/server.txt",
    "services/db",
    "services/server/src/**/migrations",
    "services/server/src/**/models.py",
    "services/server/src/**/fixtures",
)


@dataclass(frozen=True)
class Image:
    """An image of the project."""

    name: str
    parents: Mapping[str, str]  # the image behind each build argument of its Containerfile
    is_stage: bool = False  # of the root Containerfile, instead of a Containerfile of its own
    is_shared: bool = False  # the same in every copy: a label of its own would make every layer of the others another
    is_test: bool = False
    is_optional: bool = False  # built only when it is named
    also_made_of: tuple[str, ...] = ()  # files that it takes from another image
    not_made_of: str = "-"  # a folder that only other stages of its Containerfile read

    @property
    def containerfile(self) -> str:
        return "Containerfile" if self.is_stage else f"containers/{self.name}/Containerfile"

    @property
    def is_here(self) -> bool:
        """Whether the image can be built; the folder of an optional one may have been removed."""
        return not self.is_optional or Path(ROOT, self.containerfile).exists()


@dataclass(frozen=True)
class Service(Image):
    """An image whose container runs in the pod."""

    # Containers stop by rank: what answers requests, what that needs, and then those that watch.
    stop_rank: int = 1
    tool: tuple[str, ...] = ("python3",)  # what `inv shell` opens; the images have no shell
    where: str = "{url}"  # where it answers, or what to type; {url} is empty without a published port
    secrets: Mapping[str, str] = field(default_factory=dict)  # the key of each secret by the end of its name
    pod_file: Path = POD_FILE


# In the order in which they are built: each may hold files of those before it. Services in the order of a request.
IMAGES: dict[str, Image] = {
    image.name: image
    for image in [
        Image("base", {"BASE": "debian"}, is_shared=True),
        Image("wheels", {"BASE": "base"}, is_shared=True),
        Image("runtime", {"WHEELS": "wheels"}, is_stage=True, is_shared=True, not_made_of="services/server"),
        Service(
            "server",
            {"WHEELS": "wheels", "RUNTIME": "runtime"},
            is_stage=True,
            stop_rank=1,
            tool=("python3", "manage.py", "shell"),
            where="{url}/docs/",
            secrets={"server": "secret-key"},
        ),
        Service(
            "db",
            {"BASE": "base", "SERVER": "server"},
            also_made_of=SCHEMA,
            stop_rank=2,
            tool=("psql", f"--dbname={DATABASE}"),
            where="inv shell db",
            secrets={"db-app": "password", "db-migrator": "password", "db-readonly": "password"},
        ),
        Service("log", {"BASE": "base"}, stop_rank=5, where="inv logs"),
        Service(
            "metrics",
            {"BASE": "base", "SERVER": "server"},
            also_made_of=("requirements/server.txt",),
            stop_rank=4,
            where="{url}/alerts",
        ),
        Image(
            "test",
            {"WHEELS": "wheels", "RUNTIME": "runtime"},
            is_stage=True,
            is_test=True,
            not_made_of="services/server",
        ),
        Image("system-test", {"WHEELS": "wheels"}, is_test=True),
        # Joins the pod by `inv up --graph`; it grows from an image that only a registry has.
        Service(
            GRAPH,
            {"BASE": "grafana"},
            is_optional=True,
            stop_rank=3,
            tool=("sh",),
            secrets={GRAPH: "password"},
            pod_file=GRAPH_FILE,
        ),
    ]
    if image.is_here
}
SERVICES: dict[str, Service] = {name: image for name, image in IMAGES.items() if isinstance(image, Service)}
# The service serves when these are healthy; the others watch it.
ESSENTIAL = ("server", "db")
IN_EVERY_POD = [name for name, service in SERVICES.items() if not service.is_optional]


def every_image(tests: bool = True) -> list[str]:
    """The images in the order in which they are built: those that a pod needs, and those of the tests."""
    return [name for name, image in IMAGES.items() if not image.is_optional and (tests or not image.is_test)]


def stop_order(names: Iterable[str]) -> list[str]:
    """Services in the order in which they stop."""
    return sorted(names, key=lambda name: SERVICES[name].stop_rank)


def secret_key(name: str) -> str:
    """The key of a secret, by the end of its name."""
    return {end: key for service in SERVICES.values() for end, key in service.secrets.items()}[name]


def require_known(kind: str, name: str, known: Iterable[str]) -> None:
    """Raise Exit that lists the names of a kind where this is none of them, the nearest one first."""
    names = list(known)
    if name not in names:
        guess = difflib.get_close_matches(name, names, 1)
        meant = f"did you mean '{guess[0]}'? " if guess else ""
        raise Exit(f"no {kind} '{name}' - {meant}choose one of: {', '.join(names)}")


def nearest(name: str, known: Iterable[str], otherwise: str) -> str:
    """The end of a message on an unknown name: the known one that is meant, or what else to do."""
    guess = difflib.get_close_matches(name, list(known), 1, NEAR)
    return f" - did you mean {guess[0]}?" if guess else f" - {otherwise}"
