"""Debian 13, from which all images grow: pulled from a registry, or made from Debian's signed package archive."""

from pathlib import Path

from invoke import Context, Exit

from tasklib.core import podman, settings, shell
from tasklib.core.project import BUILD, Project
from tasklib.images import host_settings

DIGEST = Path("containers/base/digest")  # recorded at the first pull; commit it
ARCHIVE = BUILD / "debian.tar"
# An imported file system has no settings of its own, and without PATH no command is found.
PATH = "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def ensure(c: Context, project: Project, renew: bool = False) -> None:
    """Make sure that the image `debian` exists, from the source that invoke.yaml names. Raises Exit."""
    image = project.image("debian")
    if not renew and shell.capture(podman.image_exists(image)).returncode == 0:
        return
    given = settings.read()
    if given.base_from == "archive" or not pull(c, image):
        if given.base_from == "registry":
            raise Exit(f"{given.base} could not be pulled - to build it instead: INVOKE_BASE_FROM=archive inv build")
        print(f"base: no registry has {given.base}, so it is built from Debian's package archive")
        bootstrap(c, image)


def ensure_grafana(c: Context, project: Project) -> None:
    """Make sure that the image `grafana` exists; Debian has no package of it. Raises Exit."""
    image, source = project.image("grafana"), settings.read().grafana
    if shell.capture(podman.image_exists(image)).returncode == 0:
        return
    if shell.run(c, podman.pull(source), warn=True, quiet=True).failed:
        raise Exit(f"no registry gives {source}; nothing was changed - go on without Grafana: inv up")
    shell.run(c, podman.tag(source, image))


def pull(c: Context, image: str) -> bool:
    """Pull the base, by its recorded digest if there is one; return whether that succeeded."""
    recorded = DIGEST.read_text().strip() if DIGEST.exists() else ""
    base = settings.read().base
    source = f"{base.rpartition(':')[0]}@{recorded}" if recorded else base
    if shell.run(c, podman.pull(source), warn=True, quiet=True).failed:
        return False
    shell.run(c, podman.tag(source, image))
    if not recorded:
        shell.write(DIGEST, shell.capture(podman.image_inspect(source, "{{.Digest}}")).stdout, shell.PUBLIC)
        print(f"base: pulled; its digest is now in {DIGEST}, commit it")
    return True


def bootstrap(c: Context, image: str) -> None:
    """Make the same base with mmdebstrap. Raises Exit."""
    sources = host_settings.secrets()["sources"]
    made = shell.run(c, mmdebstrap(sources), warn=True, quiet=True)
    if made.failed:
        print(shell.last_lines(made.stderr))
        raise Exit("the base was not built from Debian's archive (above: why) - look at the machine with: inv doctor")
    shell.run(c, podman.import_image(ARCHIVE, image, PATH), quiet=True)
    ARCHIVE.unlink(missing_ok=True)


def mmdebstrap(sources: Path) -> shell.Words:
    """Build Debian 13 with apt as a tar archive, without the name of the mirror that was used."""
    inside = f"/etc/apt/sources.list.d/0000{sources.name}"
    return [
        *("mmdebstrap", "--quiet", "--variant=apt", f"--customize-hook=upload {host_settings.SOURCES} {inside}"),
        *("trixie", str(ARCHIVE), str(sources)),
    ]
