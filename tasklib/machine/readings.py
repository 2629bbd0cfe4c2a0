"""Readings of this machine's files, each from a tree that a test can build."""

import os
import platform
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

MISSING = "missing"
CAP_SYS_RESOURCE = 24
CGROUP = "/sys/fs/cgroup"
# Beyond PATH: Podman looks for its helpers here, and an ordinary user's PATH on Debian lacks the sbin folders.
PROGRAM_FOLDERS = (
    *("/usr/local/bin", "/usr/local/sbin", "/usr/bin", "/usr/sbin", "/bin", "/sbin"),
    *("/usr/local/libexec/podman", "/usr/local/lib/podman", "/usr/libexec/podman", "/usr/lib/podman"),
)


@dataclass(frozen=True)
class Machine:
    """The sources of all readings: the root of the file system, the environment, the user."""

    root: Path = Path("/")
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    uid: int = field(default_factory=os.getuid)
    system: str = field(default_factory=platform.system)

    def path(self, name: str | Path) -> Path:
        """The place of an absolute path in this machine's tree."""
        return self.root / str(name).lstrip("/")

    def read(self, name: str | Path) -> str:
        """The text of a file; empty if it is missing or unreadable."""
        try:
            return self.path(name).read_text(errors="replace")
        except OSError:
            return ""

    @property
    def is_rootless(self) -> bool:
        return self.uid != 0

    @property
    def user(self) -> str:
        """The user's name in /etc/passwd, else the number."""
        rows = [line.split(":") for line in self.read("/etc/passwd").splitlines()]
        return next((row[0] for row in rows if row[2:3] == [str(self.uid)]), str(self.uid))

    @property
    def config_home(self) -> str:
        """The folder of the user's own settings."""
        return self.environment.get("XDG_CONFIG_HOME") or f"{self.environment.get('HOME', '/')}/.config"

    @property
    def runtime_folder(self) -> str:
        """The folder that rootless Podman keeps its processes' numbers in; its own choice without a login session."""
        session = self.environment.get("XDG_RUNTIME_DIR") or f"/run/user/{self.uid}"
        return session if self.path(session).is_dir() else f"/tmp/storage-run-{self.uid}"


def program(machine: Machine, name: str, others: Iterable[str] = PROGRAM_FOLDERS) -> Path | None:
    """The first executable file of that name in PATH or the other folders, or None."""
    folders = [*machine.environment.get("PATH", "").split(":"), *others]
    found = (machine.path(folder) / name for folder in folders if folder.startswith("/"))
    return next((path for path in found if os.access(path, os.X_OK) and path.is_file()), None)


def podman_version(machine: Machine) -> tuple[int, ...] | str:
    """Podman's version as numbers, or why there is none: missing, or its own words."""
    podman = program(machine, "podman", others=())  # the tasks call it by PATH
    if podman is None:
        return MISSING
    environment = {**os.environ, **machine.environment}
    result = subprocess.run([podman, "--version"], capture_output=True, text=True, check=False, env=environment)
    numbers = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", result.stdout)
    if result.returncode or not numbers:
        return " ".join(result.stderr.split()) or "does not run"
    return tuple(int(number or 0) for number in numbers.groups())


def distribution(machine: Machine) -> dict[str, str]:
    """The keys of /etc/os-release."""
    pairs = (line.split("=", 1) for line in machine.read("/etc/os-release").splitlines() if "=" in line)
    return {key: value.strip("\"'") for key, value in pairs}


def cgroup_layout(machine: Machine) -> str:
    """`v2`, `v1`, or `hybrid`: version 1 with controllers on a version 2 tree beside it, which crun refuses."""
    if machine.path(f"{CGROUP}/cgroup.controllers").exists():
        return "v2"
    return "hybrid" if machine.read(f"{CGROUP}/unified/cgroup.controllers").strip() else "v1"


def has_systemd(machine: Machine) -> bool:
    """Whether systemd is the first process, by the test that Podman itself makes."""
    return machine.read("/proc/1/comm").strip() == "systemd"


def has_capability(machine: Machine, number: int) -> bool:
    """Whether this process has the capability, counted as in linux/capability.h."""
    words = re.search(r"^CapEff:\s*([0-9a-f]+)", machine.read("/proc/self/status"), re.MULTILINE)
    return bool(words and int(words[1], 16) >> number & 1)


def hard_limits(machine: Machine) -> dict[str, int]:
    """The hard limits of this process, by their names in containers.conf; an unlimited one is left out."""
    rows = {"nofile": "Max open files", "nproc": "Max processes"}
    text = machine.read("/proc/self/limits")
    found = {name: re.search(rf"^{row}\s+\S+\s+(\d+)", text, re.MULTILINE) for name, row in rows.items()}
    return {name: int(match[1]) for name, match in found.items() if match}


def is_root_shared(machine: Machine) -> bool:
    """Whether mounts below / reach the containers: / is a shared mount, or in a changed root no mount at all."""
    lines = [line.split() for line in machine.read("/proc/self/mountinfo").splitlines()]
    # The last mount on a place is the one that is seen.
    seen = [words for words in lines if words[4] == "/"][-1:]
    return all("shared:" in " ".join(words[6:]) for words in seen)


def id_ranges(machine: Machine, file: str) -> list[tuple[str, int, int]]:
    """The rows of /etc/subuid or /etc/subgid: owner, first number, how many."""
    rows = [line.split(":") for line in machine.read(file).splitlines() if re.fullmatch(r"[^:#]+:\d+:\d+", line)]
    return [(owner, int(first), int(count)) for owner, first, count in rows]


def mapped_ids(machine: Machine) -> int | None:
    """The number of user ids that the pause process of this user's Podman has, or None without one."""
    pid = machine.read(f"{machine.runtime_folder}/libpod/tmp/pause.pid").strip()
    rows = machine.read(f"/proc/{pid}/uid_map").splitlines() if pid else []
    return sum(int(row.split()[2]) for row in rows) or None


def storage_folder(machine: Machine) -> str:
    """The folder in which Podman keeps this user's images and volumes, from storage.conf.

    Raises tomllib.TOMLDecodeError.
    """
    home = machine.environment.get("HOME", "/")
    data = machine.environment.get("XDG_DATA_HOME") or f"{home}/.local/share"
    given = machine.environment.get("CONTAINERS_STORAGE_CONF")  # instead of all others
    system = machine.read(given or "/etc/containers/storage.conf") or machine.read("/usr/share/containers/storage.conf")
    storage = tomllib.loads(system).get("storage", {})
    if given or not machine.is_rootless:
        return str(storage.get("graphroot", "/var/lib/containers/storage"))
    own = tomllib.loads(machine.read(f"{machine.config_home}/containers/storage.conf")).get("storage", {})
    folder: str = own.get("graphroot") or storage.get("rootless_storage_path") or f"{data}/containers/storage"
    return folder.replace("$HOME", home).replace("$UID", str(machine.uid)).replace("$USER", machine.user)


def free_bytes(folder: Path) -> int:
    """The free space that this user has where the folder is or will be."""
    return shutil.disk_usage(next(path for path in (folder, *folder.parents) if path.is_dir())).free
