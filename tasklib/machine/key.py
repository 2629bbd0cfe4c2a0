"""The key of this machine, with which it signs the files that it writes: a signature is beside each."""

import hmac
import os
import secrets
from pathlib import Path

from tasklib.core import shell
from tasklib.core.project import common_name

DIGITS = 64  # of a signature


def key() -> Path:
    """The file of the key, which only its owner may read; `inv clean` leaves it."""
    folder = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
    return Path(folder, common_name(), "machine.key")


def beside(path: Path) -> Path:
    """The file with the signature of another."""
    return path.with_name(f"{path.name}.sig")


def sign(path: Path, text: str) -> None:
    """Write the signature of a text that stands for a file; makes the key if there is none."""
    if not key().exists():
        shell.write(key(), secrets.token_hex(32))
    shell.write(beside(path), digits(text))


def digits(text: str) -> str:
    return hmac.new(key().read_bytes(), text.encode(), "sha256").hexdigest()


def has_signed(path: Path, text: str) -> bool:
    """Whether this machine has signed a file. Raises ValueError if it has signed another text."""
    if not beside(path).is_file() or not key().exists():
        return False
    with beside(path).open("rb") as source:
        if not hmac.compare_digest(source.read(DIGITS + 1), digits(text).encode()):
            raise ValueError("another text was signed")
    return True
