"""Installing packages on Debian, including Debian 13's Podman on Debian 12."""

import re
from dataclasses import dataclass

from tasklib.machine.finding import INSTALL, File, Step
from tasklib.machine.readings import Machine, distribution

UPDATE = ["apt-get", "update", "--quiet=2"]
NEWER, OLDER = "trixie", "bookworm"
FROM_NEWER = ["--target-release=trixie"]
# Podman and the helpers that must be of its age.
PODMAN = ("podman", "crun", "netavark", "aardvark-dns", "passt", "catatonit", "uidmap", "nftables")
ARCHIVE = "http://deb.debian.org/debian"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
PIN = f"""\
Explanation: Written by `inv doctor`: only what is asked for by name comes from Debian 13.
Package: *
Pin: release n={NEWER}
Pin-Priority: 100
"""


@dataclass(frozen=True)
class Source:
    """One archive that apt knows: its address, its suites, the keyring it is signed by."""

    uri: str
    suites: tuple[str, ...]
    signed_by: str = ""


def is_debian_like(machine: Machine) -> bool:
    """Whether this machine installs packages with apt-get."""
    system = distribution(machine)
    return "debian" in (system.get("ID"), *system.get("ID_LIKE", "").split())


def sources(machine: Machine) -> list[Source]:
    """The archives in /etc/apt, in either of apt's two forms."""
    folder = machine.path("/etc/apt/sources.list.d")
    lists = [machine.path("/etc/apt/sources.list"), *sorted(folder.glob("*.list"))]
    lines = [line for file in lists if file.is_file() for line in file.read_text().splitlines()]
    stanzas = [part for file in sorted(folder.glob("*.sources")) for part in re.split(r"\n\s*\n", file.read_text())]
    return [source for source in [*map(_from_line, lines), *map(_from_stanza, stanzas)] if source]


def _from_line(line: str) -> Source | None:
    match = re.match(r"deb\s+(?:\[(?P<options>[^]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)", line.strip())
    if match is None:
        return None
    signed = re.search(r"signed-by=(\S+)", match["options"] or "", re.IGNORECASE)
    return Source(match["uri"], (match["suite"],), signed[1] if signed else "")


def _from_stanza(stanza: str) -> Source | None:
    pairs = re.findall(r"^([A-Za-z-]+):[ \t]*(.*)$", stanza, re.MULTILINE)
    fields = {key.lower(): value.strip() for key, value in pairs}
    is_used = "deb" in fields.get("types", "").split() and fields.get("enabled", "yes").lower() != "no"
    if not is_used or not fields.get("uris"):
        return None
    return Source(fields["uris"].split()[0], tuple(fields.get("suites", "").split()), fields.get("signed-by", ""))


def has_suite(machine: Machine, suite: str) -> bool:
    """Whether apt's sources name the suite."""
    return any(suite in source.suites for source in sources(machine))


def needs_newer(machine: Machine) -> bool:
    """Whether this is Debian 12, whose Podman is too old; by its sources too, as a newer package may rename it."""
    system = distribution(machine)
    return system.get("ID") == "debian" and (system.get("VERSION_ID") == "12" or has_suite(machine, OLDER))


def newer_archive(machine: Machine) -> list[File]:
    """The files that add Debian 13's archive, from the mirror this machine already uses; none if it is there."""
    if not needs_newer(machine) or has_suite(machine, NEWER):
        return []
    own = next((source for source in sources(machine) if OLDER in source.suites), Source(ARCHIVE, ()))
    # Without a path it is a fingerprint or a key in the text, which the suite's own key need not be.
    keyring = own.signed_by if own.signed_by.startswith("/") else KEYRING
    text = (
        "# Written by `inv doctor`: Podman 5 from Debian 13, as Debian 12 has version 4.\n"
        f"Types: deb\nURIs: {own.uri}\nSuites: {NEWER}\nComponents: main\nSigned-By: {keyring}\n"
    )
    return [
        File("/etc/apt/preferences.d/50-pod-template", PIN),
        File("/etc/apt/sources.list.d/50-pod-template.sources", text),
    ]


def install(machine: Machine, *names: str) -> list[Step]:
    """The steps that install packages; none where apt-get is unknown, as nothing is guessed there."""
    if not is_debian_like(machine):
        return []
    is_newer = needs_newer(machine) and set(names) <= set(PODMAN)
    files = newer_archive(machine) if is_newer else []
    return [*files, UPDATE, [*INSTALL, "--yes", *(FROM_NEWER if is_newer else []), *names]]
