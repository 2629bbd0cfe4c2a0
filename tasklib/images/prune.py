"""Removing old layers from the build cache."""

import time

from invoke import Context

from tasklib.core import podman, shell
from tasklib.core.project import BUILD, Project

# What no build has used for a week leaves the cache: it grows with every edit, and slows every Podman command. Looking
# for it takes half a second, so that is done once a day.
PRUNE_AGE = "168h"
PRUNED_TODAY, DAY_SECONDS = BUILD / "cleaned", 86_400


def cache(c: Context, project: Project) -> None:
    """Remove layers that no build has used for a week, once a day."""
    if PRUNED_TODAY.exists() and time.time() - PRUNED_TODAY.stat().st_mtime < DAY_SECONDS:
        return
    shell.run(c, podman.image_prune(project.prefix, until=PRUNE_AGE), quiet=True)
    if not c.config.run.dry:
        shell.write(PRUNED_TODAY, "")
