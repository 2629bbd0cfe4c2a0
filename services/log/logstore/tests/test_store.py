"""The files of the log: numbered when full, compressed later, within their bound whatever happens."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from logstore import compress, rotate, store

FOLDER = Path(store.__file__).parents[1]  # where Python finds the package
LINE = b'{"message":"hello"}\n'


@pytest.fixture
def folder(tmp_path):
    """A folder with a newest file in it, as rsyslog has it."""
    assert store.reserve(tmp_path / store.CURRENT)
    return tmp_path


def append(folder, content):
    with (folder / store.CURRENT).open("ab") as file:
        file.write(content)


def fill(folder, content=LINE):
    """Write the newest file full, and rotate it as rsyslog does."""
    append(folder, content)
    rotate.rotate(folder)
    rotate.make_room(folder)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def taken(folder):
    """The bytes on disk of all files."""
    return sum(path.stat().st_blocks * 512 for path in folder.iterdir())


def test_full_file_is_numbered_and_followed_by_a_new_one(folder):
    for _ in range(3):
        fill(folder)
    assert names(folder) == ["pod.log", "pod.log.1", "pod.log.2", "pod.log.3"]
    assert (folder / store.CURRENT).stat().st_size == 0


def test_new_file_has_its_space_at_once(folder):
    assert taken(folder) >= store.RESERVED_BYTES


def test_full_file_gives_back_what_it_did_not_need(folder):
    fill(folder)
    assert store.taken(folder) < 1 << 16


def test_start_keeps_the_lines_that_are_there(folder):
    append(folder, LINE)
    rotate.make_room(folder)
    assert (folder / store.CURRENT).read_bytes() == LINE


def test_compressed_file_reads_as_before(folder):
    fill(folder, LINE * 1000)
    compress.compress_all(folder)
    assert names(folder) == ["pod.log", "pod.log.1.gz"]
    assert store.read(folder, 1) == LINE * 1000
    assert store.taken(folder) < 1 << 13


def test_compressed_file_keeps_its_time(folder):
    fill(folder)
    os.utime(store.plain(folder, 1), (1e9, 1e9))
    compress.compress_all(folder)
    assert store.written(folder, 1) == 1e9


def test_newest_file_is_read_by_its_coming_number(folder):
    append(folder, LINE)
    before = store.read(folder, 1)
    fill(folder)
    assert before == LINE
    assert (store.read(folder, 1), store.read(folder, 2)) == (LINE * 2, b"")


def test_offset_holds_across_the_names(folder):
    fill(folder, b"ab")
    assert store.read(folder, 1, 1) == b"b"
    compress.compress_all(folder)
    assert store.read(folder, 1, 1) == b"b"


def test_removed_file_reads_empty(folder):
    fill(folder)
    fill(folder)
    assert store.drop_oldest(folder)
    assert (store.read(folder, 1), store.read(folder, 2)) == (b"", LINE)


def test_half_made_compression_is_done_anew(folder):
    fill(folder, LINE * 1000)
    (folder / store.DRAFT).write_bytes(b"half")
    store.compressed(folder, 1).write_bytes(b"half")
    compress.compress_all(folder)
    assert names(folder) == ["pod.log", "pod.log.1.gz"]
    assert store.read(folder, 1) == LINE * 1000


def test_file_removed_meanwhile_stays_removed(folder, monkeypatch):
    fill(folder)
    monkeypatch.setattr(compress.os, "fsync", lambda _: store.drop_oldest(folder))
    compress.compress_all(folder)
    assert names(folder) == ["pod.log"]


def test_fault_leaves_no_draft(folder, monkeypatch):
    fill(folder)
    monkeypatch.setattr(compress.os, "fsync", fail)
    with pytest.raises(OSError, match="full"):
        compress.compress_all(folder)
    assert names(folder) == ["pod.log", "pod.log.1"]


def fail(_):
    raise OSError("full")


def test_only_one_compresses(folder):
    fill(folder)
    # A lock belongs to the opened folder, so that this very program is another one to it.
    lock = os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    compress.compress_all(folder)
    os.close(lock)
    assert names(folder) == ["pod.log", "pod.log.1"]


def test_all_files_stay_within_the_bound(folder):
    noise = os.urandom(store.FILE_BYTES)
    for number in range(1, 25):
        append(folder, noise)
        assert taken(folder) <= store.TOTAL_BYTES
        rotate.rotate(folder)
        # As a compressor would in the meantime, at the worst moment and to no avail.
        (folder / store.DRAFT).write_bytes(noise)
        assert taken(folder) <= store.TOTAL_BYTES
        rotate.make_room(folder)
        assert taken(folder) <= store.TOTAL_BYTES
        assert store.numbers(folder)[-1] == number


def test_start_becomes_the_command(folder):
    command = [sys.executable, "-c", START, str(folder), sys.executable, "-c", "print('here')"]
    result = subprocess.run(command, capture_output=True, check=True, cwd=FOLDER)
    assert result.stdout == b"here\n"
    assert taken(folder) >= store.RESERVED_BYTES


# The program as run.toml calls it, in another folder.
START = """
import pathlib, runpy, sys
from logstore import store
store.FOLDER = pathlib.Path(sys.argv.pop(1))
runpy.run_module("logstore.rotate", run_name="__main__")
"""
