"""A file that somebody has made to do harm, with a checksum that matches, is refused in one line like a damaged one."""

import json
import os
import socket
import zipfile
from pathlib import Path

import pytest
from invoke import Exit, Result
from invoke.exceptions import UnexpectedExit

from tasklib.core.project import Project
from tasklib.database import backup_file, restore, values
from tasklib.database.tests.test_backup_file import MANIFEST, NAME, write

DOCUMENT = MANIFEST.as_json()
CONTENT = DOCUMENT["content"]
DUMP = backup_file.MAGIC + bytes(64)
TEXTS = ["", "a'; DROP ROLE app; --", "\x1b[2J", "x" * 5000, None, 7, ["shop"], {"a": 1}, "../shop", "a b", "\ud800"]
NUMBERS = [-1, 1.5, "1", None, True, 10**30, float("inf"), [1]]


def sealed(path, members):
    """Write a ZIP file with a matching checksum; a member is its name, its text and more."""
    with backup_file.written(path) as archive:
        for name, text, options in members:
            archive.writestr(name, text, **options)
    return path


def backup(path, manifest=None, dump=DUMP, **options):
    text = json.dumps(DOCUMENT) if manifest is None else manifest
    return sealed(path, [(backup_file.DUMP, dump, options), (backup_file.MANIFEST, text, options)])


def require_one_line(path):
    """Assert that a file is refused in one line."""
    with pytest.raises(Exit) as error:
        backup_file.read(path)
    line = str(error.value)
    assert (str(path) in line, line.endswith("ls backups"), "\n" in line) == (True, True, False)


@pytest.mark.parametrize("value", TEXTS, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("name", ["project", "pod", "time"])
def test_text_of_the_manifest_is_bounded(tmp_path, name, value):
    require_one_line(backup(tmp_path / NAME, json.dumps(DOCUMENT | {name: value})))


@pytest.mark.parametrize("value", NUMBERS, ids=repr)
def test_format_is_a_number(tmp_path, value):
    require_one_line(backup(tmp_path / NAME, json.dumps(DOCUMENT | {"format": value})))


@pytest.mark.parametrize("value", NUMBERS, ids=repr)
def test_major_version_is_a_number(tmp_path, value):
    require_one_line(backup(tmp_path / NAME, json.dumps(DOCUMENT | {"content": CONTENT | {"postgres": value}})))


@pytest.mark.parametrize("value", NUMBERS, ids=repr)
def test_count_of_rows_is_a_number(tmp_path, value):
    tables = {"public.a": {"rows": value, "hash": "1"}}
    require_one_line(backup(tmp_path / NAME, json.dumps(DOCUMENT | {"content": CONTENT | {"tables": tables}})))


@pytest.mark.parametrize("value", ["\x1b[2J", "x" * 301, "", 7, None, ["a"]], ids=lambda value: repr(value)[:20])
def test_name_of_a_migration_is_bounded(tmp_path, value):
    require_one_line(backup(tmp_path / NAME, json.dumps(DOCUMENT | {"content": CONTENT | {"migrations": [value]}})))


MANY = range(values.MOST + 1)
MANIFESTS = {
    "deep lists": "[" * 200_000,
    "deep objects": '{"a":' * 200_000,
    "long number": json.dumps(DOCUMENT).replace('"rows": 2', '"rows": ' + "9" * 10_000),
    "not UTF-8": b"\xff\xfe\x00",
    "two documents": "{}{}",
    "list": "[]",
    "null": "null",
    "member missing": "{}",
    "member twice": json.dumps(DOCUMENT)[:-1] + ', "pod": 7}',
    "too large": "[" + " " * backup_file.MANIFEST_BYTES + "]",
    "too many tables": json.dumps(DOCUMENT | {"content": CONTENT | {"tables": dict.fromkeys(map(str, MANY))}}),
}


@pytest.mark.parametrize("text", MANIFESTS.values(), ids=MANIFESTS)
def test_strange_manifest_is_refused(tmp_path, text):
    require_one_line(backup(tmp_path / NAME, text))


MEMBERS = {
    "none": [],
    "folder": [("database.dump/", "", {}), ("manifest.json/", "", {})],
    "another": [(backup_file.DUMP, DUMP, {}), (backup_file.MANIFEST, "{}", {}), ("more", "", {})],
    "path": [("../database.dump", DUMP, {}), (backup_file.MANIFEST, "{}", {})],
    "many": [(str(number), "", {}) for number in range(3000)],
    "no dump": [(backup_file.DUMP, "text", {}), (backup_file.MANIFEST, json.dumps(DOCUMENT), {})],
}


@pytest.mark.parametrize("members", MEMBERS.values(), ids=MEMBERS)
def test_other_members_are_refused(tmp_path, members):
    require_one_line(sealed(tmp_path / NAME, members))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_bomb_is_not_unpacked(tmp_path, method):
    require_one_line(backup(tmp_path / NAME, dump=backup_file.MAGIC + bytes(50_000_000), compress_type=method))


def forged(path, change, dump=DUMP):
    """Change the bytes of a whole backup, and seal it again."""
    data = bytearray(backup(path, dump=dump).read_bytes())
    change(data)
    path.write_bytes(data)
    with path.open("r+b") as file:
        backup_file.seal(file)
    return path


def set_flag(data):
    """Mark each member as encrypted."""
    for mark, at in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)]:
        for part in range(data.count(mark)):
            place = [i for i in range(len(data)) if data[i : i + 4] == mark][part]
            data[place + at] |= 1


def set_method(data):
    for mark, at in [(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)]:
        data[data.index(mark) + at] = 99


def set_size(data):
    place = data.index(b"PK\x01\x02")
    data[place + 24 : place + 28] = b"\xff\xff\xff\x7f"


def set_offset(data):
    data[data.rindex(b"PK\x05\x06") + 16] ^= 0xFF


@pytest.mark.parametrize("change", [set_flag, set_method, set_size, set_offset], ids=lambda change: change.__name__)
def test_forged_header_is_refused(tmp_path, change):
    require_one_line(forged(tmp_path / NAME, change))


def test_wrong_checksum_of_the_dump_is_found_before_anything_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(restore.store, "require_images", lambda *_: None)
    monkeypatch.setattr(restore, "common_name", lambda: "shop")

    def flip(data):
        data[data.index(backup_file.MAGIC) + 900_000] ^= 1

    path = forged(tmp_path / NAME, flip, DUMP + bytes(1_000_000))
    with pytest.raises(Exit, match="is damaged: its dump cannot be read - choose another one"):
        restore.checked(Project("shop"), path)


FAILURES = {
    "command": Exit("a command failed (above): pg_restore: error: why - look at the pod with: inv status"),
    "reading": ValueError("why"),
    "statistics": UnexpectedExit(Result(stderr="vacuuming\nwhy\n")),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_failure_after_the_dump_has_begun_is_one_line(failure):
    line = r"a\.zip cannot be restored: .*why - choose another one: ls backups"
    with pytest.raises(Exit, match=f"^{line}$"), restore.blamed(Path("a.zip")):
        raise failure


def socket_file(path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path.name)


PLACES = {
    "folder": lambda path: path.mkdir(),
    "pipe": os.mkfifo,
    "socket": socket_file,
    "link to a pipe": lambda path: (os.mkfifo(path.with_name("pipe")), path.symlink_to("pipe")),
    "link to a device": lambda path: path.symlink_to("/dev/zero"),
    "link to itself's folder": lambda path: path.symlink_to("."),
    "link to nothing": lambda path: path.symlink_to("nothing"),
    "empty": lambda path: path.touch(),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_whatever_stands_there_is_refused(tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    place(tmp_path / NAME)
    require_one_line(tmp_path / NAME)


def test_pipe_named_like_a_draft_holds_up_no_backup(tmp_path):
    os.mkfifo(tmp_path / ".shop-20261126T030000Z.zip.draft")
    assert backup_file.read(write(tmp_path / NAME)) == MANIFEST


def test_other_bytes_are_no_backup(tmp_path):
    (tmp_path / NAME).write_bytes(os.urandom(4096))
    require_one_line(tmp_path / NAME)
