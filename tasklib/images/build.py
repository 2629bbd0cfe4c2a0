"""Building the images, each from what was built before it."""

import re
import shutil
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from invoke import Context, Exit
from rich.console import Console

from tasklib.core import podman, shell
from tasklib.core.project import BUILD, GRAPH, IMAGES, MAJOR, SERVICES, TESTS, Project, common_name
from tasklib.images import bases, host_settings, prune, store, wheels
from tasklib.images.record import Record, fingerprint, paths

# Stages of the root Containerfile; every other image has a Containerfile of its own.
STAGES = {"runtime", "server", "test"}
# What each image grows from: the build argument of its Containerfile, and the image.
GROWS_FROM = {
    "base": {"BASE": "debian"},
    "wheels": {"BASE": "base"},
    "runtime": {"WHEELS": "wheels"},
    "server": {"WHEELS": "wheels", "RUNTIME": "runtime"},
    "db": {"BASE": "base", "SERVER": "server"},
    "log": {"BASE": "base"},
    "metrics": {"BASE": "base", "SERVER": "server"},
    "test": {"WHEELS": "wheels", "RUNTIME": "runtime"},
    "system-test": {"WHEELS": "wheels"},
    "metrics-graph": {"BASE": "grafana"},
}
# Grown from by all others and the same in every copy of the project: a label of its own would make every layer another.
SHARED = {"base", "wheels", "runtime"}
# What the data of the db image is made of; another view must not build it anew.
SCHEMA = ["containers/db", "requirements/server.txt", "services/db", "services/server/src/**/migrations",
          "services/server/src/**/models.py", "services/server/src/**/fixtures"]  # fmt: skip
# What an image takes from that of the server, which by itself is no reason to build it anew.
MADE_WITH = {"db": SCHEMA, "metrics": ["requirements/server.txt"]}
# What other stages of an image's Containerfile read, so that another one is no reason to build it anew.
UNREAD = {"runtime": "services/server", "test": "services/server"}
# What Podman says where it has found an image in its list, and another command has removed it meanwhile.
LAYER_GONE, TRIES = "layer not known", 3
OCI = "org.opencontainers.image"  # https://github.com/opencontainers/image-spec/blob/main/annotations.md
console = Console(highlight=False)


def every(tests: bool = True) -> list[str]:
    """The images in the order in which they are built: those that a pod needs, and those of the tests."""
    return [image for image in IMAGES if image != GRAPH and (tests or image not in TESTS)]


def build(c: Context, project: Project, images: list[str], cache: bool = True) -> None:
    """Build images in this order. Raises Exit."""
    for name in images:
        if name not in IMAGES:
            raise Exit(f"no image '{name}' - choose one of: {', '.join(IMAGES)}")
    images = with_stages(images)
    _ = project.manifest  # a broken pod.yaml is told at once, not after all builds
    wheels.verify()
    ensure_bases(c, project, images, cache)
    found = store.ids(*{name for image in images for name in (project.image(image), *parents(project, image))})
    settings: dict[str, Path] = {}
    for image in images:
        plan = recipe(project, image)
        record = Record(plan, reads(image), parents(project, image), found)
        if cache and not c.config.run.dry and record.is_current():
            console.print(f"{image}: unchanged")
            continue
        settings = settings or host_settings.secrets()
        one(c, podman.build(plan, secrets=settings, cache=cache), image)
        if image == "db":
            # What reads the data of this major, when a later image cannot: upgrade.py.
            shell.run(c, podman.tag(plan.tag, f"{plan.tag}:{MAJOR}"), quiet=True)
        if not c.config.run.dry:
            found |= store.ids(plan.tag)
            record.keep(found.get(plan.tag, ""))  # another command may have removed it already
    prune.cache(c, project)


def with_stages(images: list[str]) -> list[str]:
    """The images, and before each the stages that it grows from: both must come from one state of their file."""
    before = {image: [parent for parent in GROWS_FROM[image].values() if {parent, image} <= STAGES] for image in images}
    return list(dict.fromkeys(name for image in images for name in [*before[image], image]))


def ensure_bases(c: Context, project: Project, images: list[str], cache: bool) -> None:
    """Have the images of others, from which these grow. Raises Exit."""
    bases.ensure(c, project, renew=images == ["base"] and not cache)
    if GRAPH in images:
        bases.ensure_grafana(c, project)


def recipe(project: Project, image: str) -> podman.Recipe:
    """Where an image's Containerfile is, what it grows from, and how it is labelled."""
    args = {argument: project.image(parent) for argument, parent in GROWS_FROM[image].items()}
    labels = {}
    if image in [*SERVICES, GRAPH, *wheels.groups()]:
        labels = {f"{OCI}.title": image, f"{OCI}.version": version(reads(image)), f"{OCI}.source": source()}
    if image in SERVICES:
        args |= {"VERSION": release(), "REVISION": labels[f"{OCI}.version"]}
    if image == "db":
        args["SCHEMA"] = fingerprint(SCHEMA)
    if image in STAGES | {*wheels.groups()} and wheels.vendored():
        args["REQUIREMENTS"] = "/wheels"
    target = image if image in STAGES else ""
    label = common_name() if image in SHARED else project.prefix
    return podman.Recipe(containerfile(image), project.image(image), label, target, args, labels)


def containerfile(image: str) -> str:
    return "Containerfile" if image in STAGES else f"containers/{image}/Containerfile"


def reads(image: str) -> list[str]:
    """The files and folders of the repository that an image is made of."""
    own = [path for path in paths(containerfile(image)) if not path.startswith(UNREAD.get(image, "-"))]
    return own + MADE_WITH.get(image, [])


def parents(project: Project, image: str) -> list[str]:
    """The images of which another build is another image; of the server, the db's data knows no more than SCHEMA."""
    return [project.image(parent) for argument, parent in GROWS_FROM[image].items() if argument != "SERVER"]


def one(c: Context, words: shell.Words, image: str, again: str = "") -> None:
    """Run one build with its steps as progress; on failure show the lines that matter. Raises Exit."""
    log = BUILD / "log" / f"{image}.txt"
    start = time.monotonic()
    with console.status(f"{image}: building") as status:
        show = status.update if console.is_terminal else console.out
        progress = Progress(lambda step: show(f"{image}: step {step}"[: console.width - 10]))
        for _ in range(TRIES):
            result = shell.run(c, words, warn=True, out_stream=progress, err_stream=progress)
            if LAYER_GONE not in result.stderr:
                break
    if c.config.run.dry:
        return
    shell.write(log, result.stdout + result.stderr)
    if result.failed:
        again = again or f"build {image}"
        console.print(reason(result.stdout + result.stderr), markup=False, soft_wrap=True)
        raise Exit(
            f"image {image} was not built (above: why; all: {log}) - mend it, then type: inv {again}",
            result.exited,
        )
    console.print(f"{image}: built in {time.monotonic() - start:.1f} s", markup=False)


def source() -> str:
    """Where the project's code is published, as git knows it; empty where that is a folder, or nowhere."""
    origin = git("config", "remote.origin.url")
    return origin if ":" in origin else ""


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
    """What git answers; nothing where it is missing, or the folder is no checkout."""
    answer: str = shell.ask(["git", *words]).stdout.strip() if shutil.which("git") else ""
    return answer


def reason(output: str) -> str:
    """What a failed build printed in its last step, without the layers before it."""
    last_step = re.split(r"^(?:\[\d+/\d+\] )?STEP \d+/\d+: ", output, flags=re.MULTILINE)[-1]
    kept = [line for line in last_step.splitlines() if not line.startswith(("Error: building at STEP", "--> "))]
    return shell.last_lines("\n".join(kept))


class Progress:
    """A stream that shows the step that a build is at."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self.show = show

    def write(self, text: str) -> None:
        for step in re.findall(r"STEP (\d+/\d+: .+)", text):
            self.show(step)

    def flush(self) -> None:
        """Nothing is held back."""
