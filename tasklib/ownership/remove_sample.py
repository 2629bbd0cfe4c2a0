"""The sample application taken away, with all that names it."""

import re
from pathlib import Path

from invoke import Context, Exit

from tasklib.core import shell
from tasklib.core.project import Project
from tasklib.images import store
from tasklib.ownership import changes, sources
from tasklib.testing import generated
from tasklib.volumes import consent

SAMPLE = "tweet"
FOLDERS = [
    sources.SOURCE / SAMPLE,
    Path("system-test") / SAMPLE,
    # A backup of an early release, which holds rows of the sample: code without it cannot restore them.
    Path("system-test/operator") / SAMPLE,
]
DESCRIPTION = sources.SOURCE / "docs/openapi.json"
NAMED = re.compile(rf"\b{SAMPLE}(s|_\w+)?\b")
AFTERWARDS = """The sample is gone. Now type: inv build up test
A database that has its table keeps it, and that keeps users with rows there from being deleted. To drop it:
  echo "DROP TABLE IF EXISTS tweet_tweet; DELETE FROM django_migrations WHERE app = 'tweet'" | inv shell db
  inv manage --args "remove_stale_contenttypes --include-stale-apps --no-input\""""


def remove_sample(c: Context, project: Project, yes: bool) -> None:
    """Remove the sample, or nothing where that cannot be done. Raises Exit."""
    if not FOLDERS[0].exists():
        raise Exit(f"there is no {FOLDERS[0]} - the sample is gone already")
    store.require_images(project, ["test"])
    if others := sources.imports_of(SAMPLE):
        raise Exit(f"{others[0]} imports the sample - write your own there first")
    planned = plan()
    consent.require(c, yes, unknown_to_git([*planned, DESCRIPTION]))
    if c.config.run.dry:
        return
    with changes.made(planned):
        generated.describe(c, project)
    removed = [path for path, text in planned.items() if text is None]
    edited = ", ".join(str(path) for path, text in planned.items() if text is not None)
    print(f"removed {len(removed)} files of {' and '.join(map(str, FOLDERS))}; edited {edited}")
    print(AFTERWARDS)


def plan() -> changes.Changes:
    """The new text of each file that names the sample; None for a file to be removed."""
    own = [path for top in FOLDERS for path in [top, *sorted(top.rglob("*"))]]
    pages = {page: without_sample(page.read_text()) for page in documents()}
    return {
        **{path: None for path in own if path.is_file() and "__pycache__" not in path.parts},
        sources.SETTINGS: sources.without_items(sources.SETTINGS, "INSTALLED_APPS", SAMPLE),
        sources.URLS: sources.without_items(sources.URLS, "urlpatterns", SAMPLE),
        **{page: text for page, text in pages.items() if text != page.read_text()},
    }


def documents() -> list[Path]:
    """The pages for people."""
    return [Path("README.md"), *sorted(Path("docs").glob("*.md"))]


def without_sample(text: str) -> str:
    """A page without the sections whose headings name the sample, and without the lines that name its application."""
    return "".join(line for line in without_sections(text).splitlines(keepends=True) if not NAMED.search(line))


def without_sections(text: str) -> str:
    """A page without the sections whose headings name the sample."""
    sections = re.split(r"^(?=#+ )", text, flags=re.MULTILINE)
    return "".join(section for section in sections if not re.match(r"#+ .*\bsample\b", section))


def unknown_to_git(paths: list[Path]) -> list[str]:
    """The changes of these files that git cannot bring back, in words."""
    status = shell.capture(["git", "status", "--porcelain", "--", *map(str, paths)])
    if status.returncode:
        return ["the sample, which git does not have"]
    return [f"{line.split()[-1]}, whose changes git does not have" for line in status.stdout.splitlines()]
