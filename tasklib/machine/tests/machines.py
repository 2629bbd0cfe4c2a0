"""Machines to examine: small trees of files, for which all is right unless a test says otherwise."""

from pathlib import Path

from tasklib.machine.readings import Machine

PROGRAMS = ["nft", "catatonit", "pasta", "newuidmap", "netavark", "mmdebstrap", "runc"]
DEBIAN_12 = 'ID=debian\nVERSION_ID="12"\n'
FEDORA = "ID=fedora\nVERSION_ID=43\n"
HYBRID = {"/sys/fs/cgroup/cgroup.controllers": None, "/sys/fs/cgroup/unified/cgroup.controllers": "hugetlb\n"}
WEAK_ROOT = {"/proc/self/status": "CapEff:\t000001fffeffffff\n"}
FILES = {
    "/etc/os-release": 'ID=debian\nVERSION_ID="13"\n',
    "/etc/passwd": "root:x:0:0::/root:/bin/sh\nlist:x:38:1000::/:/bin/false\nada:x:1000:1000::/home/ada:/bin/sh\n",
    "/etc/subuid": "ada:100000:65536\n",
    "/etc/subgid": "ada:100000:65536\n",
    "/proc/1/comm": "systemd\n",
    "/proc/self/limits": "Max processes  96365  96365  processes\nMax open files  1024  20000  files\n",
    "/proc/self/mountinfo": "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n",
    "/proc/self/status": "CapEff:\t000001ffffffffff\n",
    "/proc/sys/user/max_user_namespaces": "96365\n",
    "/sys/fs/cgroup/cgroup.controllers": "cpu memory\n",
}


def machine(root: Path, files: dict[str, str | None] | None = None, uid: int = 1000, podman: str = "5.4.2") -> Machine:
    """A machine that differs by the files given (None: no such file), with a Podman of that version ("": none)."""
    for name, text in {**FILES, **(files or {})}.items():
        if text is not None:
            add(root, name, text)
    for program in PROGRAMS:
        add(root, f"/usr/sbin/{program}", "").chmod(0o755)
    if podman:
        add(root, "/usr/bin/podman", f"#!/bin/sh\necho podman version {podman}\n").chmod(0o755)
    add(root, "/dev/net/tun", "").chmod(0o666)
    return Machine(root, {"HOME": "/home/ada" if uid else "/root", "PATH": "/usr/bin"}, uid, "Linux")


def add(root: Path, name: str, text: str) -> Path:
    """Write one file of the tree."""
    path = root / name.lstrip("/")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
