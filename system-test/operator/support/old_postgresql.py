"""An image of an older PostgreSQL, from Debian 12's archive, and a volume with the data of a pod in its form."""

from pathlib import Path

from support.commands import podman, run
from tasklib.images import host_settings

MAJOR = 15
BIN = f"/usr/lib/postgresql/{MAJOR}/bin"
DATA = "/var/lib/postgresql/data"
# What makes two thirds of the image, and nothing here needs.
LEFT_OUT = [
    "lib/*/libLLVM*",
    "lib/llvm-*",
    "lib/postgresql/*/lib/bitcode/*",
    "share/doc/*",
    "share/locale/*",
    "share/man/*",
]
CONFIG = """
jit = off
listen_addresses = ''
unix_socket_directories = '/run/postgresql'
hba_file = '/etc/postgresql/pg_hba.conf'
"""
# The roles that the rights in the dump name; what only a newer release knows is skipped.
MAKE = f"""
set -e
initdb --encoding=UTF8 --locale=C.UTF-8 --username=postgres --no-sync --auth=trust {DATA}
pg_ctl start --wait --pgdata={DATA} --options="-c config_file=/etc/postgresql/postgresql.conf"
for role in owner app migrator readonly backup; do createuser "$role"; done
createdb --owner=owner service
createdb --owner=owner other
psql --quiet --dbname=service --file=/old/dump.sql
pg_ctl stop --wait --pgdata={DATA}
"""


def image(name: str, folder: Path) -> None:
    """Make the image, from the mirror that the host's own packages are from."""
    uris = host_settings.apt_uris(run("apt-get", "--print-uris", "update").output)
    mirror = next((uri for uri in sorted(uris) if uri.endswith("/debian")), f"{host_settings.ARCHIVE}/debian")
    (folder / "postgresql.conf").write_text(CONFIG)
    (folder / "pg_hba.conf").write_text("local all all trust\n")
    hooks = [
        "chroot $1 useradd --uid 10002 db",
        f"chroot $1 install -d -o 10002 -g 10002 -m 0700 {DATA} /run/postgresql",
        "mkdir -p $1/etc/postgresql",
        f"copy-in {folder}/postgresql.conf {folder}/pg_hba.conf /etc/postgresql",
    ]
    archive = folder / "old.tar"
    words = ["--quiet", "--variant=minbase", f"--include=postgresql-{MAJOR}"]
    words += [f"--dpkgopt=path-exclude=/usr/{path}" for path in LEFT_OUT]
    words += [f"--customize-hook={hook}" for hook in hooks]
    made = run("mmdebstrap", *words, "bookworm", str(archive), f"deb {mirror} bookworm main")
    assert made.code == 0, made.output
    variables = [f"PATH={BIN}:/usr/bin:/bin", f"PGDATA={DATA}", "PGHOST=/run/postgresql", "PGUSER=postgres"]
    changes = ["USER 10002", *(f"ENV {variable}" for variable in variables)]
    words = [word for change in changes for word in ("--change", change)]
    made = podman("import", "--quiet", *words, str(archive), name)
    assert made.code == 0, made.output


def volume(name: str, image: str, folder: Path) -> None:
    """Fill a volume with a cluster that holds `dump.sql` of a folder."""
    options = ["--rm", "--interactive", "--security-opt", "label=disable", "--volume", f"{name}:{DATA}"]
    options += ["--volume", f"{folder}:/old:ro", "--tmpfs", "/tmp:mode=1777", "--tmpfs", "/run/postgresql:mode=1777"]
    made = podman("run", *options, image, "bash", "-s", input=MAKE)
    assert made.code == 0, made.output
