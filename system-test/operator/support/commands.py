"""Commands as a person types them, and how they ended."""

import subprocess
from dataclasses import dataclass

SECONDS = 900  # of any command on a busy machine, so that a hanging one fails


@dataclass
class Ended:
    """The result of a command: its exit code and all output."""

    code: int
    output: str

    @property
    def last_line(self) -> str:
        return self.output.strip().rpartition("\n")[2]


def run(*words: str, **options) -> Ended:
    """Run a command, its two outputs as one."""
    stdin = None if "input" in options else subprocess.DEVNULL
    options = {"stdin": stdin, "timeout": SECONDS, **options}
    result = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    return Ended(result.returncode, result.stdout)


def podman(*words: str, **options) -> Ended:
    return run("podman", *words, **options)


def untag(name: str) -> None:
    """Take a name from its image; without the second word, all names of the image would go."""
    podman("untag", name, name)
