"""The description of a backup, which is in its file beside the dump."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from tasklib.database import inventory, values

FORMAT = 1  # a change that older tasks cannot read makes it larger


@dataclass(frozen=True)
class Manifest:
    """The description of a backup, beside its dump."""

    project: str  # pod.yaml's name
    pod: str  # the copy's name
    time: str  # of the snapshot, ISO 8601 in UTC
    version: str  # of the server image: a commit
    content: inventory.Content
    format: int = FORMAT

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"content": self.content.as_json()}


def parse(text: bytes) -> Manifest:
    """The description as it was written. Raises ValueError, KeyError, TypeError or RecursionError."""
    document = values.members(json.loads(text))
    form = values.number(document["format"], 1_000_000)
    # A newer format may have other fields, which are not needed to refuse it.
    if form > FORMAT:
        return Manifest("", "", "", "", inventory.Content(0, [], {}), form)
    document = values.members(document, "project", "pod", "time", "version", "content", "format")
    return Manifest(
        values.text(document["project"], values.NAME),
        values.text(document["pod"], values.NAME),
        values.text(document["time"], values.TIME),
        values.text(document["version"], values.VERSION),
        inventory.from_json(document["content"]),
        form,
    )
