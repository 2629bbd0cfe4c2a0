"""The lock of all packages, and its exports for pip."""

import sys
from pathlib import Path

from invoke import Context

from tasklib.core import shell
from tasklib.images.wheels import HOST, REQUIREMENTS, groups

UV = str(Path(sys.executable).with_name("uv"))


def lock(c: Context) -> None:
    """Write uv.lock and a list with hashes for each group; remove the lists of former groups. Raises UnexpectedExit."""
    shell.run(c, [UV, "lock"])
    lists = {group: REQUIREMENTS / f"{group}.txt" for group in [HOST, *groups()]}
    for group, file in lists.items():
        shell.run(c, export(group, file), quiet=True)
    for file in {*REQUIREMENTS.glob("*.txt")} - {*lists.values()} if not c.config.run.dry else ():
        file.unlink()


def export(group: str, file: Path) -> shell.Words:
    """The list of one group, from the lock alone."""
    # The test image has the server's packages already.
    prune = ["--prune", "django"] if group == "test" else []
    options = ["--frozen", *prune, "--no-emit-project", "--no-header", "--no-annotate", "--only-group", group]
    return [UV, "export", *options, "--output-file", str(file)]
