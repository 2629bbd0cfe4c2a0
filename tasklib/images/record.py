"""A record of each image's inputs, so that an image that would be the same is not built again.

Podman's own cache finds that out as well, but by mounting and hashing every stage: 2 to 3 s for each image.
"""

import hashlib
import json
import re
import stat
from pathlib import Path

from tasklib.core import podman, shell
from tasklib.core.project import BUILD


def paths(containerfile: str) -> list[str]:
    """The files and folders of the repository that a Containerfile reads, itself included."""
    text = Path(containerfile).read_text()
    copies = [
        line.split()[1:-1] for line in re.findall(r"^COPY .+$", text, flags=re.MULTILINE) if "--from=" not in line
    ]
    copied = {word for words in copies for word in words if not word.startswith("--")}
    mounts = [dict(re.findall(r"(\w+)=([^,]+)", options)) for options in re.findall(r"--mount=(\S+)", text)]
    bound = {mount["source"] for mount in mounts if mount["type"] == "bind" and "from" not in mount}
    return [containerfile, ".containerignore", *sorted(copied | bound)]


def fingerprint(patterns: list[str], root: Path = Path()) -> str:
    """A hash of the files under the patterns, by name, content, and whether a file is executable: what git knows."""
    digest = hashlib.sha256()
    for path in sorted(
        {file for pattern in patterns for entry in root.glob(pattern) for file in (entry, *entry.rglob("*"))}
    ):
        if path.is_file() and "__pycache__" not in path.parts:
            executable = path.stat().st_mode & stat.S_IXUSR
            digest.update(f"{path.relative_to(root)}\0{executable:o}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


class Record:
    """The inputs of an image when this checkout last built it, to be compared with its inputs now.

    `reads` are the files that its recipe reads, `image_ids` the ids of its parents by name.
    """

    def __init__(self, recipe: podman.Recipe, reads: list[str], parents: list[str], image_ids: dict[str, str]) -> None:
        self.file = BUILD / "built" / f"{recipe.tag.rpartition('/')[2]}.txt"
        made_of = [recipe, fingerprint(reads), [image_ids.get(parent) for parent in parents]]
        self.inputs = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()
        self.id = image_ids.get(recipe.tag)

    def is_current(self) -> bool:
        """Whether the present image was built from these inputs."""
        return bool(self.id) and self.file.exists() and self.file.read_text() == f"{self.inputs} {self.id}"

    def keep(self, built: str) -> None:
        """Record that the image was built with this id."""
        shell.write(self.file, f"{self.inputs} {built}")
