"""A backup that this machine has written is known from one that somebody else has."""

import pytest
from invoke import Exit

from tasklib.database import backup_file, restore
from tasklib.database.tests.test_backup_file import NAME, write
from tasklib.machine import key


@pytest.fixture
def signed(tmp_path, monkeypatch):
    """A backup with its signature, and a key of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    path = write(tmp_path / NAME)
    key.sign(path, backup_file.checksum(path))
    return path


def test_own_backup_is_signed(signed, capsys):
    restore.require_trust(signed, signed=True)
    assert "is signed with this machine's key" in capsys.readouterr().out


def test_key_is_for_its_owner_alone(signed):
    assert key.key().stat().st_mode & 0o777 == 0o600


def test_other_content_does_not_match(signed):
    write(signed, version="other")
    with pytest.raises(Exit, match=r"does not match its signature, shop-20261125T030000Z.zip.sig - choose another one"):
        backup_file.is_signed(signed)


@pytest.mark.parametrize("text", ["", "0" * 64, "x" * 100_000, "\x00", "é"], ids=["empty", "zeros", "long", "NUL", "é"])
def test_other_signature_does_not_match(signed, text):
    key.beside(signed).write_text(text)
    with pytest.raises(Exit, match="does not match its signature"):
        restore.require_trust(signed, signed=False)


def test_backup_without_a_signature_is_told(signed, capsys):
    key.beside(signed).unlink()
    restore.require_trust(signed, signed=False)
    assert "is not signed with this machine's key" in capsys.readouterr().out


def test_backup_without_a_signature_can_be_refused(signed):
    key.beside(signed).unlink()
    with pytest.raises(Exit, match="is not signed with this machine's key - without --signed"):
        restore.require_trust(signed, signed=True)


def test_other_machine_has_not_signed(signed):
    key.key().unlink()
    assert not backup_file.is_signed(signed)
