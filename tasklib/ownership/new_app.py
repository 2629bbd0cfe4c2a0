"""A new application: model, migration, serializer, viewset, paths, admin page, fixture and tests."""

from pathlib import Path
from string import Template

from invoke import Context

from tasklib.core import shell
from tasklib.core.project import Project
from tasklib.images import store
from tasklib.ownership import changes, names, sources
from tasklib.testing import generated
from tasklib.testing.containers import in_test_image

TEMPLATES = Path("tasklib/ownership/application")
SUFFIX = ".template"
SORT = ["ruff", "check", "--no-cache", "--quiet", "--select", "I", "--fix"]
FORMAT = ["ruff", "format", "--no-cache", "--quiet"]
NEXT = """{folder}: {count} files, in INSTALLED_APPS and below /{name}/
Now change models.py to what you store, then type: inv manage --args 'makemigrations {name}' build up test"""


def new_app(c: Context, project: Project, name: str) -> None:
    """Write an application and register it, or nothing where that cannot be done. Raises Exit."""
    store.require_images(project, ["test"])
    names.require(project, name)
    planned = plan(name)
    if c.config.run.dry:
        return
    with changes.made(planned):
        # The order of imports depends on the name, and so does where a line is broken.
        for words in (SORT, FORMAT):
            shell.run(c, in_test_image(project, [*words, str(sources.SOURCE / name)]))
        generated.describe(c, project)
    print(NEXT.format(folder=sources.SOURCE / name, count=len(files(name)), name=name))


def plan(name: str) -> changes.Changes:
    """The files of an application, and those in which it is registered."""
    return {
        **files(name),
        sources.SETTINGS: sources.with_item(sources.SETTINGS, "INSTALLED_APPS", f'"{name}"'),
        sources.URLS: sources.with_item(sources.URLS, "urlpatterns", f'path("{name}/", include("{name}.urls"))'),
    }


def files(name: str) -> dict[Path, str]:
    """The files of an application, by path."""
    model = names.class_name(name)
    words = {"name": name, "model": model, "label": model.lower()}
    texts = {path: Template(path.read_text()).substitute(words) for path in sorted(TEMPLATES.rglob(f"*{SUFFIX}"))}
    return {sources.SOURCE / name / path.relative_to(TEMPLATES).with_suffix(""): text for path, text in texts.items()}
