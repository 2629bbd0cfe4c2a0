"""Several files changed as one: all of them, or none."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

Changes = dict[Path, str | None]  # the new text of each file; None removes it


@contextlib.contextmanager
def made(changes: Changes) -> Iterator[None]:
    """Make changes; whatever the block raises, the files are as they were."""
    before = {path: path.read_bytes() if path.exists() else None for path in changes}
    try:
        for path, text in changes.items():
            put(path, None if text is None else text.encode())
        yield
    except BaseException:
        for path, content in before.items():
            put(path, content)
        raise


def put(path: Path, content: bytes | None) -> None:
    """Write a file, or remove it together with the folders that are empty then."""
    if content is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return
    path.unlink(missing_ok=True)
    for folder in path.parents:
        shutil.rmtree(folder / "__pycache__", ignore_errors=True)
        if not folder.exists() or any(folder.iterdir()):
            break
        folder.rmdir()
