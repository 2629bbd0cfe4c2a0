"""The facts that Podman needs on this machine: each is compared with what should be, with the steps that repair it."""

import importlib.util
import json
import tomllib

from tasklib.machine import rootless
from tasklib.machine.apt import PODMAN, install
from tasklib.machine.containers_conf import settings
from tasklib.machine.finding import Fact
from tasklib.machine.readings import (
    MISSING,
    Machine,
    cgroup_layout,
    free_bytes,
    is_root_shared,
    podman_version,
    program,
    storage_folder,
)

PODMAN_WANTED = (5, 4)
GIGABYTE = 10**9
SPACE = "disk"  # the name of the fact
# All images and the layers that their builds keep take 4 GB.
SPACE_WANTED = 5 * GIGABYTE
SPACE_LEAST = 2 * GIGABYTE
# Program and the Debian package that brings it.
HELPERS = {"nft": "nftables", "catatonit": "catatonit", "pasta": "passt", "newuidmap": "uidmap", "netavark": "netavark"}


def all_facts(machine: Machine) -> list[Fact]:
    """Every fact that concerns this machine and user, the most important first."""
    if machine.system != "Linux":
        return [Fact("system", machine.system, "Linux, or a Linux virtual machine", ok=False, fatal=True)]
    facts = [podman(machine), *helpers(machine), runc(machine), *settings(machine)]
    facts += [*rootless.facts(machine), root_mount(machine), space(machine), secrets(machine)]
    return [fact for fact in [*facts, mmdebstrap(machine), venv(machine), *notes(machine)] if fact]


def podman(machine: Machine) -> Fact:
    version = podman_version(machine)
    if isinstance(version, str) and version != MISSING:
        # Podman's own words: another version of it would say the same.
        return Fact("podman", version, "a Podman that runs", ok=False, fatal=True)
    ok = not isinstance(version, str) and version >= PODMAN_WANTED
    found = version if isinstance(version, str) else ".".join(map(str, version))
    remedy = install(machine, *PODMAN)
    wanted = "5.4 or newer" if remedy else "5.4 or newer: Debian 13, Ubuntu 25.04, Fedora, RHEL 9.6"
    return Fact("podman", found, wanted, ok, remedy, needs_root=True, fatal=True)


def helpers(machine: Machine) -> list[Fact]:
    return [helper(machine, name, package) for name, package in HELPERS.items()]


def helper(machine: Machine, name: str, package: str) -> Fact:
    """A program that Podman calls. Fatal only where its package is known: elsewhere Podman may do without it."""
    path = program(machine, name)
    remedy = install(machine, package)
    found = "present" if path else "not found"
    return Fact(name, found, "present", path is not None, remedy, needs_root=True, fatal=bool(remedy))


def runc(machine: Machine) -> Fact | None:
    if cgroup_layout(machine) != "hybrid":
        return None
    path = program(machine, "runc")
    found = "present" if path else "not found"
    wanted = "present: crun refuses hybrid cgroups"
    return Fact("runc", found, wanted, path is not None, install(machine, "runc"), needs_root=True, fatal=True)


def root_mount(machine: Machine) -> Fact:
    ok = is_root_shared(machine)
    remedy = [["mount", "--make-rshared", "/"]]
    return Fact("mount of /", "shared" if ok else "private", "shared", ok, remedy, needs_root=True)


def space(machine: Machine, free: int | None = None) -> Fact:
    """The free space in bytes for images and volumes, measured where none is given."""
    try:
        folder = storage_folder(machine)
    except tomllib.TOMLDecodeError as error:
        return Fact("storage.conf", str(error), "TOML", ok=False, fatal=True)
    bytes_free = free_bytes(machine.path(folder)) if free is None else free
    is_none_left = bytes_free < SPACE_LEAST
    found = f"{'no space: ' if is_none_left else ''}{bytes_free / GIGABYTE:.1f} GB"
    wanted = f"5 GB free at {folder}"
    return Fact(SPACE, found, wanted, bytes_free >= SPACE_WANTED, fatal=is_none_left)


def secrets(machine: Machine) -> Fact | None:
    """Podman's file of this user's secrets: it writes it in place, so that a power cut at that instant damages it.

    Put aside, it lets `inv up` make new secrets; the pods' data stay.
    """
    try:
        folder = f"{storage_folder(machine)}/secrets"
        text = machine.path(f"{folder}/filedriver/secretsdata.json").read_text()
    except (OSError, tomllib.TOMLDecodeError):
        return None
    try:
        json.loads(text)
    except ValueError:
        remedy = [["mv", "--backup=numbered", "--no-target-directory", folder, f"{folder}.damaged"]]
        return Fact("secrets", "damaged", "a JSON file", ok=False, remedy=remedy, fatal=True)
    return Fact("secrets", "a JSON file", "a JSON file", ok=True)


def mmdebstrap(machine: Machine) -> Fact:
    ok = program(machine, "mmdebstrap") is not None
    wanted = "present, to build the base image where no registry answers"
    remedy = install(machine, "mmdebstrap")
    return Fact("mmdebstrap", "present" if ok else "not found", wanted, ok, remedy, needs_root=True)


def venv(machine: Machine, module: str = "ensurepip") -> Fact:
    ok = importlib.util.find_spec(module) is not None
    remedy = install(machine, "python3-venv")
    return Fact("python3-venv", "present" if ok else "not found", "present", ok, remedy, needs_root=True)


def notes(machine: Machine) -> list[Fact]:
    """A finding that is worth knowing, but not a fault."""
    found = []
    if not machine.is_rootless:
        found.append(Fact("user", "root", "an ordinary user: rootless is recommended", ok=False))
    elif cgroup_layout(machine) != "v2":
        found.append(Fact("resource limits", "ignored: rootless on cgroup v1", "in force: cgroup v2", ok=False))
    if machine.read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns").strip() == "1":
        has_profile = machine.path("/etc/apparmor.d/podman").exists()
        found.append(Fact("AppArmor", "restricts user namespaces", "a profile for podman", has_profile))
    return found
