"""The file of a backup is whole or is not there, and nothing else passes for one."""

import io
import json
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from invoke import Exit

from tasklib.database import backup_file, backup_manifest
from tasklib.database.inventory import Content, Table

CONTENT = Content(17, ["shop.0001_initial"], {"public.shop_item": Table(2, "5")})
MANIFEST = backup_manifest.Manifest("shop", "shop", "2026-11-25T03:00:00Z", "abc", CONTENT)
NAME = "shop-20261125T030000Z.zip"


def write(path, manifest=MANIFEST, **changes):
    """A whole backup with a dump that is none; returns its path."""
    with backup_file.written(path) as archive:
        archive.writestr(backup_file.DUMP, backup_file.MAGIC + bytes(range(256)) * 40)
        archive.writestr(backup_file.MANIFEST, json.dumps(manifest.as_json() | changes))
    return path


@pytest.fixture
def whole(tmp_path):
    return write(tmp_path / NAME)


def flip(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1
    return bytes(changed)


def tar(data: bytes) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo(backup_file.MANIFEST))
    return file.getvalue()


MUTATIONS = {
    "empty": lambda data: data[:0],
    "first byte only": lambda data: data[:1],
    "half": lambda data: data[: len(data) // 2],
    "without last byte": lambda data: data[:-1],
    "without checksum": lambda data: data[:-64],
    "without end": lambda data: data[:-86],
    "without beginning": lambda data: data[1:],
    "byte before": lambda data: b"x" + data,
    "byte after": lambda data: data + b"x",
    "newline after": lambda data: data + b"\n",
    "twice": lambda data: data * 2,
    "flipped first byte": lambda data: flip(data, 0),
    "flipped name of the dump": lambda data: flip(data, data.index(b"database")),
    "flipped time of a member": lambda data: flip(data, 10),
    "flipped dump": lambda data: flip(data, 1000),
    "flipped end of the dump": lambda data: flip(data, data.index(b'{"project') - 80),
    "flipped row count": lambda data: flip(data, data.index(b'"rows": 2') + 8),
    "flipped hash": lambda data: flip(data, data.index(b'"hash": "5') + 9),
    "flipped directory": lambda data: flip(data, data.index(b"PK\x01\x02") + 6),
    "flipped size of the comment": lambda data: flip(data, len(data) - 66),
    "flipped checksum": lambda data: flip(data, len(data) - 1),
    "zeros in the middle": lambda data: data[:4096] + bytes(512) + data[4608:],
    "hole in the middle": lambda data: data[:4096] + data[4608:],
    "blocks exchanged": lambda data: data[:100] + data[1000:1900] + data[100:1000] + data[1900:],
    "lines of another system": lambda data: data.replace(b"\n", b"\r\n"),
    "text": lambda data: data.hex().encode(),
    "tar": tar,
    "zeros": lambda data: bytes(len(data)),
}


@pytest.mark.parametrize("mutation", MUTATIONS.values(), ids=MUTATIONS)
def test_changed_file_is_refused_in_one_line(whole, mutation):
    whole.write_bytes(mutation(whole.read_bytes()))
    with pytest.raises(Exit) as error:
        backup_file.read(whole)
    assert str(whole) in str(error.value)
    assert str(error.value).endswith("ls backups")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("change", [{"format": "x"}, {"content": 1}, {"content": {}}, {"other": 1}], ids=str)
def test_strange_manifest_is_refused(tmp_path, change):
    with pytest.raises(Exit, match="is a ZIP file, but not a backup"):
        backup_file.read(write(tmp_path / NAME, **change))


@pytest.mark.parametrize("missing", [backup_file.DUMP, backup_file.MANIFEST])
def test_missing_member_is_refused(tmp_path, missing):
    with backup_file.written(tmp_path / NAME) as archive:
        archive.writestr(({backup_file.DUMP, backup_file.MANIFEST} - {missing}).pop(), "{}")
    with pytest.raises(Exit, match="is a ZIP file, but not a backup"):
        backup_file.read(tmp_path / NAME)


def test_zip_of_others_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / NAME, "w") as archive:
        archive.writestr(backup_file.MANIFEST, "{}")
    with pytest.raises(Exit, match="is damaged: its checksum does not match"):
        backup_file.read(tmp_path / NAME)


def test_missing_file_is_not_called_damaged(tmp_path):
    with pytest.raises(Exit, match=r"absent.zip does not exist - choose another one: ls backups"):
        backup_file.read(tmp_path / "absent.zip")


def test_file_of_another_is_called_unreadable(whole, monkeypatch):
    monkeypatch.setattr(Path, "open", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(Exit, match="cannot be read: Permission denied - look at its owner and mode: ls -l"):
        backup_file.read(whole)


def test_text_is_not_called_damaged(tmp_path):
    (tmp_path / NAME).write_text("text")
    with pytest.raises(Exit, match="is not a backup, or its end is missing"):
        backup_file.read(tmp_path / NAME)


def test_whole_file_tells_what_was_written(whole):
    assert backup_file.read(whole) == MANIFEST


def test_newer_format_is_known_as_such(tmp_path):
    found = backup_file.read(write(tmp_path / NAME, replace(MANIFEST, format=2), other=1))
    assert found.format == 2


def test_file_is_for_its_owner_alone(whole):
    assert whole.stat().st_mode & 0o777 == 0o600


def test_failure_leaves_no_file(tmp_path):
    with pytest.raises(KeyboardInterrupt), backup_file.written(tmp_path / NAME):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_draft_of_a_killed_writer_goes(tmp_path):
    (tmp_path / f".{NAME}.draft").touch()
    assert list(write(tmp_path / "shop-20261126T030000Z.zip").parent.iterdir()) == [
        tmp_path / "shop-20261126T030000Z.zip"
    ]


def test_draft_of_a_living_writer_stays(tmp_path):
    with backup_file.written(tmp_path / NAME):
        write(tmp_path / "shop-20261126T030000Z.zip")
    assert len(list(tmp_path.iterdir())) == 2


def test_names_of_another_pod_are_left_out(tmp_path):
    names = ["shop-20261125T030000Z.zip", "shop-20261126T030000Z.zip", "shop-two-20261125T030000Z.zip", "shop.zip"]
    for name in names:
        (tmp_path / name).touch()
    assert backup_file.newest_first(tmp_path, "shop") == [tmp_path / names[1], tmp_path / names[0]]


def test_name_sorts_by_time():
    assert Path(backup_file.name("shop", "20261125T030000Z")).name == NAME
