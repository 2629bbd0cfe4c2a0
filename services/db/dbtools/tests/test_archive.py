"""The archive's files: which are needed, which may go, and from which copy a moment comes back."""

import json

import pytest

from dbtools import archive

FOLDER = "20261125T010000Z"


def copy(volume, name, begin="0/4000028"):
    """A finished base backup."""
    path = volume / "base" / name
    path.mkdir(parents=True)
    (path / "backup_manifest").write_text(json.dumps({"WAL-Ranges": [{"Timeline": 1, "Start-LSN": begin}]}))
    return path


@pytest.fixture
def volume(tmp_path):
    """The folder of one volume in an archive, with changes before and after its two copies."""
    volume = tmp_path / FOLDER
    (volume / "wal").mkdir(parents=True)
    for number in range(3, 8):
        (volume / "wal" / f"{1:08X}{0:08X}{number:08X}").touch()
    copy(volume, "20261125T020000Z", "0/4000028")
    copy(volume, "20261125T030000Z", "0/6000028")
    return volume


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A data directory, and where the settings and the archive are."""
    for name, path in [("DATA", tmp_path), ("SETTINGS", tmp_path / "conf"), ("ARCHIVE", tmp_path / "archive")]:
        monkeypatch.setattr(archive, name, path)
    return tmp_path


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("2026-11-25 02:30:00+00:00", "20261125T020000Z"),
        ("2026-11-25 04:30:00+01:00", "20261125T030000Z"),
        ("2026-11-25 03:00:00+00:00", "20261125T020000Z"),
        ("latest", "20261125T030000Z"),
    ],
)
def test_newest_copy_before_the_moment_is_chosen(volume, moment, name):
    assert archive.chosen(volume.parent, moment).name == name


def test_moment_before_all_copies_is_refused(volume):
    with pytest.raises(SystemExit, match=r"the first one is of 20261125T020000Z - take one with: inv db.archive"):
        archive.chosen(volume.parent, "2026-11-25 01:00:00+00:00")


def test_empty_archive_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="there is none at all"):
        archive.chosen(tmp_path, "latest")


def test_first_segment_of_a_copy(tmp_path):
    assert archive.first_segment(copy(tmp_path, "x", "1A/FF000028")) == "000000010000001A000000FF"


def test_changes_before_the_oldest_kept_copy_go(volume):
    (volume / "wal" / "00000002.history").touch()
    archive.prune(volume.parent, 1, volume)
    left = sorted(path.name for path in (volume / "wal").iterdir())
    assert left == ["000000010000000000000006", "000000010000000000000007", "00000002.history"]
    assert [path.name for path in archive.copies(volume)] == ["20261125T030000Z"]


def test_folder_of_an_older_volume_goes_with_its_last_copy(volume):
    newer = volume.parent / "20261125T040000Z"
    copy(newer, "20261125T040001Z")
    (newer / "wal").mkdir()
    archive.prune(volume.parent, 1, newer)
    assert list(volume.parent.iterdir()) == [newer]


def test_folder_without_a_copy_stays_while_it_is_written_to(volume):
    (volume.parent / "20261125T040000Z").mkdir()
    archive.prune(volume.parent, 2, volume.parent / "20261125T040000Z")
    assert len(list(volume.parent.iterdir())) == 2


def test_switched_on_each_volume_has_its_folder(data, monkeypatch):
    monkeypatch.setenv("POSTGRES_ARCHIVE", "true")
    archive.prepare()
    assert archive.folder() in (data / "archive").iterdir()
    assert f"archive_directory = '{archive.folder()}/wal'" in (data / "conf").read_text()


def test_second_start_goes_on_in_the_same_folder(data, monkeypatch):
    monkeypatch.setenv("POSTGRES_ARCHIVE", "true")
    (data / archive.ID).write_text(FOLDER)
    archive.prepare()
    assert archive.folder().name == FOLDER


def test_switched_off_nothing_is_archived(data, monkeypatch):
    monkeypatch.delenv("POSTGRES_ARCHIVE", raising=False)
    (data / archive.ID).write_text(FOLDER)
    archive.prepare()
    assert (data / "conf").read_text() == ""
    with pytest.raises(SystemExit, match="archiving is off"):
        archive.folder()
