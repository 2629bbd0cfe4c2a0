"""The lock of all packages, and its exports for pip."""

import sys
from pathlib import Path

from invoke import Context

from tasklib.core import shell
from tasklib.images.wheels import GROUPS, REQUIREMENTS

UV = str(Path(sys.executable).with_name("uv"))


def lock(c: Context) -> None:
    """Write uv.lock and one list with hashes for each group. Raises UnexpectedExit."""
    shell.run(c, [UV, "lock"])
    for group in ["host", *GROUPS]:
        shell.run(c, export(group), quiet=True)


def export(group: str) -> shell.Words:
    """The list of one group, from the lock alone."""
    # The test image has the server's packages already.
    prune = ["--prune", "django"] if group == "test" else []
    options = ["--frozen", *prune, "--no-emit-project", "--no-header", "--no-annotate", "--only-group", group]
    return [UV, "export", *options, "--output-file", str(REQUIREMENTS / f"{group}.txt")]
