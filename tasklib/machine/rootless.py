"""The requirements of rootless Podman."""

from tasklib.machine.finding import Fact, File, Step
from tasklib.machine.readings import Machine, id_ranges, mapped_ids

IDS_WANTED = 65536
FIRST_ID = 100_000
TUN = "/dev/net/tun"
SYSCTL = "/etc/sysctl.d/50-pod-template.conf"


def facts(machine: Machine) -> list[Fact]:
    """The findings for rootless users; for root only the device that it can prepare for them."""
    if not machine.is_rootless:
        return [tun(machine)]
    return [subids(machine), *mapping(machine), namespaces(machine), tun(machine)]


def subids(machine: Machine) -> Fact:
    """The user's rows in /etc/subuid and /etc/subgid, of which the smaller one counts."""
    files = [id_ranges(machine, file) for file in ("/etc/subuid", "/etc/subgid")]
    owners = (machine.user, str(machine.uid))
    count = min(sum(length for owner, _, length in rows if owner in owners) for rows in files)
    # With another source in nsswitch.conf the files say nothing.
    is_elsewhere = any(line.startswith("subid:") for line in machine.read("/etc/nsswitch.conf").splitlines())
    first = max([FIRST_ID, *(start + length for rows in files for _, start, length in rows)])
    numbers = f"{first}-{first + IDS_WANTED - 1}"
    command = ["usermod", "--add-subuids", numbers, "--add-subgids", numbers, machine.user]
    found = "kept elsewhere" if is_elsewhere else f"{count} numbers"
    ok = is_elsewhere or count >= IDS_WANTED
    return Fact("subuid, subgid", found, f"{IDS_WANTED} numbers", ok, [command], needs_root=True, fatal=True)


def mapping(machine: Machine) -> list[Fact]:
    """A pause process from before the user had subordinate ids: all later calls of Podman would join it."""
    count = mapped_ids(machine)
    if count is None or not subids(machine).ok:
        return []
    remedy = [["podman", "system", "migrate"]]
    return [Fact("user mapping", f"{count} numbers", f"over {IDS_WANTED}", count > IDS_WANTED, remedy, fatal=True)]


def namespaces(machine: Machine) -> Fact:
    """Whether the kernel lets a user make namespaces; Debian has a second switch for it."""
    switches = {"user.max_user_namespaces": "15000", "kernel.unprivileged_userns_clone": "1"}
    now = {name: machine.read(f"/proc/sys/{name.replace('.', '/')}").strip() for name in switches}
    lines = [f"{name} = {value}\n" for name, value in switches.items() if now[name] == "0"]
    text = "# Written by `inv doctor`: rootless Podman needs user namespaces.\n" + "".join(lines)
    remedy: list[Step] = [File(SYSCTL, text), ["sysctl", "--quiet", f"--load={SYSCTL}"]]
    found = "forbidden" if lines else "allowed"
    return Fact("user namespaces", found, "allowed", not lines, remedy, needs_root=True, fatal=True)


def tun(machine: Machine) -> Fact:
    """The device of a rootless network; as root it is prepared for others and fails nothing."""
    path = machine.path(TUN)
    exists = path.exists()
    mode = path.stat().st_mode & 0o777 if exists else 0
    make = [["mkdir", "--parents", "/dev/net"], ["mknod", "--mode=0666", TUN, "c", "10", "200"]]
    remedy = [["chmod", "0666", TUN]] if exists else make
    found = f"mode {mode:04o}" if exists else "missing"
    return Fact(TUN, found, "mode 0666", mode & 0o006 == 0o006, remedy, needs_root=True, fatal=machine.is_rootless)
