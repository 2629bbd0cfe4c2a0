"""The commands of the README, typed in their order into a shell, in a fresh copy of the tree."""

import re

from support.checkout import PORTS
from support.commands import run
from support.pods import ROOT

MARK = "-- the next command --"
# What a command with these words prints; those of the sample go with it.
PRINTED = {"/tweet/  ": "Hello, world!", '{"text": "Hello"}': '"author":"me","text":"Hello"'}


def commands():
    """The first block of commands, without those that fetch the project and that run this very test."""
    block = re.search(r"```\n(git clone.+?)```", (ROOT / "README.md").read_text(), re.DOTALL).group(1)
    return [line for line in block.splitlines() if not line.startswith(("git clone", "make test"))]


def typed(copy, lines):
    """Type the lines as they stand, but for the port, which is this copy's own; the first that fails is the last."""
    script = f"\necho '{MARK}'\n".join(lines).replace("localhost:8080", f"localhost:{PORTS['server'] + copy.offset}")
    return run("bash", "-ec", script, cwd=copy.folder, env=copy.environment(), timeout=900)


def test_readme_commands_work(copy):
    lines = commands()
    result = typed(copy, lines)
    assert result.code == 0, result.output
    printed = dict(zip(lines, result.output.split(f"{MARK}\n"), strict=True))
    assert re.search(r"server +healthy", printed[lines[0]])
    missing = [line for line, text in printed.items() for part in PRINTED if part in line and PRINTED[part] not in text]
    assert missing == []


def test_readme_block_is_found():
    assert commands()[0].startswith("make up")
