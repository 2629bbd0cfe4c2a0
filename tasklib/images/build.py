"""Building the images, each from what was built before it."""

import re
import shutil
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from invoke import Context, Exit

from tasklib.core import podman, shell
from tasklib.core.project import BUILD, Project, common_name
from tasklib.core.services import GRAPH, IMAGES, MAJOR, OCI, PACKAGES_LABEL, SCHEMA, SERVICES, VERSION_LABEL, Image
from tasklib.images import bases, host_settings, prune, store, wheels
from tasklib.images.record import Record, fingerprint, paths

# Podman's message if another command removes an image that Podman has just found in its list.
LAYER_GONE, TRIES = "layer not known", 3


def build(c: Context, project: Project, images: list[str], cache: bool = True) -> None:
    """Build images in this order. Raises Exit."""
    images = with_stages(images)
    wheels.verify()
    ensure_bases(c, project, images, cache)
    image_ids = store.ids(*{name for image in images for name in (project.image(image), *parents(project, image))})
    settings: dict[str, Path] = {}
    packages = store.created(project.image("base"))
    for image in images:
        plan = recipe(project, image, packages)
        record = Record(plan, reads(image), parents(project, image), image_ids)
        if cache and not c.config.run.dry and record.is_current():
            shell.console.print(f"{image}: unchanged")
            continue
        settings = settings or host_settings.secrets()
        one(c, podman.build(plan, secrets=settings, cache=cache), image)
        if image == "db":
            # What reads the data of this major, when a later image cannot: upgrade.py.
            shell.run(c, podman.tag(plan.tag, f"{plan.tag}:{MAJOR}"), quiet=True)
        if not c.config.run.dry:
            image_ids |= store.ids(plan.tag)
            record.keep(image_ids.get(plan.tag, ""))  # another command may have removed it already
        if image == "base":
            packages = store.created(plan.tag)
    prune.cache(c, project)


def with_stages(images: list[str]) -> list[str]:
    """The images, and before each the stages that it grows from: both must come from one state of their file."""
    return list(dict.fromkeys(name for image in images for name in [*stages(IMAGES[image]), image]))


def stages(image: Image) -> list[str]:
    """The stages of the same Containerfile that an image grows from."""
    return [parent for parent in image.parents.values() if image.is_stage and IMAGES[parent].is_stage]


def ensure_bases(c: Context, project: Project, images: list[str], cache: bool) -> None:
    """Make sure that the images of other publishers exist, from which these grow. Raises Exit."""
    bases.ensure(c, project, renew=images == ["base"] and not cache)
    if GRAPH in images:
        bases.ensure_grafana(c, project)


def recipe(project: Project, name: str, packages: str = "") -> podman.Recipe:
    """The recipe of an image: its Containerfile, parents and labels, with the day of Debian's packages in it."""
    image = IMAGES[name]
    args = {argument: project.image(parent) for argument, parent in image.parents.items()}
    labels = {}
    if not image.is_shared:
        labels = {f"{OCI}.title": name, VERSION_LABEL: version(reads(name)), f"{OCI}.source": source()}
    if name in SERVICES and not image.is_optional:
        labels |= {PACKAGES_LABEL: packages} if packages else {}
        args |= {"VERSION": release(), "REVISION": labels[VERSION_LABEL]}
    if name == "db":
        args["SCHEMA"] = fingerprint(list(SCHEMA))
    if "WHEELS" in args and wheels.vendored():
        args |= wheels.OFFLINE
    target = name if image.is_stage else ""
    label = common_name() if image.is_shared else project.prefix
    return podman.Recipe(image.containerfile, project.image(name), label, target, args, labels)


def reads(name: str) -> list[str]:
    """The files and folders of the repository that an image is made of."""
    image = IMAGES[name]
    return [path for path in paths(image.containerfile) if not path.startswith(image.not_made_of)] + [
        *image.also_made_of
    ]


def parents(project: Project, name: str) -> list[str]:
    """The parents whose rebuild means a rebuild of this image; of the server, db and metrics take only named files."""
    return [project.image(parent) for argument, parent in IMAGES[name].parents.items() if argument != "SERVER"]


def one(c: Context, words: shell.Words, image: str, again: str = "") -> None:
    """Run one build with its steps as progress; on failure show the lines that matter. Raises Exit."""
    log = BUILD / "log" / f"{image}.txt"
    start = time.monotonic()
    with shell.console.status(f"{image}: building") as status:
        show = status.update if shell.console.is_terminal else shell.console.out
        progress = Progress(lambda step: show(f"{image}: step {step}"[: shell.console.width - 10]))
        for _ in range(TRIES):
            result = shell.run(c, words, warn=True, out_stream=progress, err_stream=progress)
            if LAYER_GONE not in result.stderr:
                break
    if c.config.run.dry:
        return
    shell.write(log, result.stdout + result.stderr)
    if result.failed:
        again = again or f"build {image}"
        shell.console.print(reason(result.stdout + result.stderr), soft_wrap=True)
        raise Exit(
            f"image {image} was not built (above: why; all: {log}) - mend it, then type: inv {again}",
            result.exited,
        )
    shell.console.print(f"{image}: built in {time.monotonic() - start:.1f} s")


def source() -> str:
    """The URL of git's remote `origin`; empty if that is a folder or missing."""
    origin = git("config", "remote.origin.url")
    return public(origin) if ":" in origin else ""


def public(url: str) -> str:
    """A URL without what may be a credential in it: user, password, query and fragment."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        # HOST:PATH of ssh, whose user is not a secret; a password cannot be given there.
        return re.sub(r"[?#].*", "", url)
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{re.sub(r'[?#].*', '', path)}"


def release() -> str:
    """The version of the project."""
    project: dict[str, str] = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    return project["version"]


def version(paths: list[str]) -> str:
    """The last commit that changed any of the paths, `+` behind it for uncommitted changes."""
    below = [f":(glob){path}{end}" for path in paths for end in ("", "/**")]
    commit = git("log", "-1", "--format=%h", "--abbrev=12", "--", *below)
    changed = git("status", "--porcelain", "--", *below)
    return f"{commit or 'unknown'}{'+' if changed else ''}"


def git(*words: str) -> str:
    """The output of git; empty without git or outside a checkout."""
    answer: str = shell.capture(["git", *words]).stdout.strip() if shutil.which("git") else ""
    return answer


def reason(output: str) -> str:
    """The output of the last step of a failed build."""
    last_step = re.split(r"^(?:\[\d+/\d+\] )?STEP \d+/\d+: ", output, flags=re.MULTILINE)[-1]
    kept = [line for line in last_step.splitlines() if not line.startswith(("Error: building at STEP", "--> "))]
    return shell.last_lines("\n".join(kept))


class Progress:
    """A stream that shows the current step of a build."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self.show = show

    def write(self, text: str) -> None:
        for step in re.findall(r"STEP (\d+/\d+: .+)", text):
            self.show(step)

    def flush(self) -> None:
        """Do nothing: every text is shown at once."""
