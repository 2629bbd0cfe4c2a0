"""The README knows what is there, and nothing else."""

import re

from tasklib.tests.test_tree import PATHS, text

# What every project has.
ALWAYS = ["LICENSE", "README.md"]
TOP = sorted({path.split("/")[0] for path in PATHS})


def test_readme_knows_every_top_level_entry():
    rows = [line for line in text("README.md").splitlines() if line.startswith("| `")]
    told = {entry.split("/")[0] for row in rows for entry in re.findall(r"`([^`]+)`", row)}
    assert [entry for entry in TOP if entry not in told and not entry.startswith(".") and entry not in ALWAYS] == []
