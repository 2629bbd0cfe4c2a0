"""Each deletable part goes by the commands of docs/development.md, and everything else still builds and passes."""

import os
import re
import sys
from pathlib import Path

import pytest

from support.commands import run
from support.pods import ROOT

SECTION = (ROOT / "docs/development.md").read_text().partition("\n## Remove a part\n")[2].partition("\n## ")[0]
PARTS = dict(re.findall(r"^### (.+?)\n.*?^```\n(.+?)^```", SECTION, re.MULTILINE | re.DOTALL))
EACH = """
inv --list
uv lock --check
python -m pytest --quiet
inv test --args "--collect-only --quiet"
python -m pytest --collect-only --quiet system-test/operator
"""
# What is left over by one of them is left over by all.
ALL = """
inv lint
inv build
podman run --rm localhost/$INVOKE_IMAGES-system-test --collect-only --quiet
"""


def typed(copy, script: str) -> None:
    """Type commands, each of which succeeds."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    result = run("bash", "-exc", script, cwd=copy.folder, env=copy.environment(PATH=path), timeout=1800)
    assert result.code == 0, result.output[-5000:]


@pytest.mark.parametrize("part", PARTS)
def test_rest_passes_without_it(copy, part):
    typed(copy, PARTS[part] + EACH)


def test_rest_is_built_without_any_of_them(copy):
    typed(copy, "".join(PARTS.values()) + EACH + ALL)


def test_parts_have_commands():
    assert {*PARTS} == {"The benchmark", "The import of an older database", "Grafana"}
