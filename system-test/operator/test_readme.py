"""The commands of the README, typed in their order in a fresh copy of the tree."""

import re
import shlex

from checkout import PORTS, run
from conftest import ROOT


def commands():
    """The first block of commands, without their comments, and without the one that runs this very test."""
    block = re.search(r"```\n(make up.+?)```", (ROOT / "README.md").read_text(), re.DOTALL).group(1)
    return [line.split("  #")[0].strip() for line in block.splitlines() if not line.startswith("make test")]


def typed(copy, line):
    """Type a line as it stands, but for the port, which is this copy's own."""
    line = line.replace("localhost:8080", f"localhost:{PORTS['server'] + copy.offset}")
    return run(*shlex.split(line), cwd=copy.folder, env=copy.environment(), timeout=900)


def test_readme_commands_work(copy):
    outputs = []
    for line in commands():
        result = typed(copy, line)
        assert result.code == 0, f"{line}\n{result.output}"
        outputs.append(result.output)
    assert re.search(r"server +healthy", outputs[0])
    assert "Hello, world!" in outputs[1]
    assert '"text":"Hello"' in outputs[2]


def test_readme_block_is_found():
    assert commands()[0] == "make up"
