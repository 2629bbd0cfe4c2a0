"""The commands of the README, typed in their order into a shell, in a fresh copy of the tree."""

import re

from support.checkout import PORTS, run
from support.pods import ROOT

MARK = "-- the next command --"


def commands():
    """The first block of commands, without the one that runs this very test."""
    block = re.search(r"```\n(make up.+?)```", (ROOT / "README.md").read_text(), re.DOTALL).group(1)
    return [line for line in block.splitlines() if not line.startswith("make test")]


def typed(copy, lines):
    """Type the lines as they stand, but for the port, which is this copy's own; the first that fails is the last."""
    script = f"\necho '{MARK}'\n".join(lines).replace("localhost:8080", f"localhost:{PORTS['server'] + copy.offset}")
    return run("bash", "-ec", script, cwd=copy.folder, env=copy.environment(), timeout=900)


def test_readme_commands_work(copy):
    result = typed(copy, commands())
    assert result.code == 0, result.output
    up, listed, _, created, _ = result.output.split(f"{MARK}\n")
    assert re.search(r"server +healthy", up)
    assert "Hello, world!" in listed
    assert '"author":"me","text":"Hello"' in created


def test_readme_block_is_found():
    assert commands()[0].startswith("make up")
