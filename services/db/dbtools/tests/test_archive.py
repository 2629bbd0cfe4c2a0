"""The archive's files: which are needed, which may go, and from which copy a moment comes back."""

import json

import pytest

from dbtools import archive, archive_folders

FOLDER = "shop-20261125T010000Z"


@pytest.fixture(autouse=True)
def pod(monkeypatch):
    monkeypatch.setattr(archive_folders, "POD", "shop")


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
    assert archive_folders.chosen(volume.parent, moment).name == name


def test_moment_before_all_copies_is_refused(volume):
    with pytest.raises(SystemExit, match=r"the first one is of 20261125T020000Z - take one with: inv db.archive"):
        archive_folders.chosen(volume.parent, "2026-11-25 01:00:00+00:00")


def test_empty_archive_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="there is none of the pod 'shop'"):
        archive_folders.chosen(tmp_path, "latest")


def test_first_segment_of_a_copy(tmp_path):
    assert archive_folders.first_segment(copy(tmp_path, "x", "1A/FF000028")) == "000000010000001A000000FF"


def test_changes_before_the_oldest_kept_copy_go(volume):
    (volume / "wal" / "00000002.history").touch()
    archive_folders.prune(volume.parent, 1, volume)
    left = sorted(path.name for path in (volume / "wal").iterdir())
    assert left == ["000000010000000000000006", "000000010000000000000007", "00000002.history"]
    assert [path.name for path in archive_folders.copies(volume)] == ["20261125T030000Z"]


def test_folder_of_an_older_volume_goes_with_its_last_copy(volume):
    newer = volume.parent / "shop-20261125T040000Z"
    copy(newer, "20261125T040001Z")
    (newer / "wal").mkdir()
    archive_folders.prune(volume.parent, 1, newer)
    assert list(volume.parent.iterdir()) == [newer]


def test_folder_without_a_copy_stays_while_it_is_written_to(volume):
    (volume.parent / "shop-20261125T040000Z").mkdir()
    archive_folders.prune(volume.parent, 2, volume.parent / "shop-20261125T040000Z")
    assert len(list(volume.parent.iterdir())) == 2


FOREIGN = [
    "20261125T040000Z",
    "shop-2-20261125T040000Z",
    "other-20261125T040000Z",
    "lost+found",
    "photos",
    "shop-20261125",
]


@pytest.mark.parametrize("name", FOREIGN)
def test_what_the_pod_has_not_made_stays(volume, name):
    foreign = copy(volume.parent / name, "20261125T050000Z").parents[1]
    (volume.parent / "a file").touch()
    archive_folders.prune(volume.parent, 1, volume)
    assert (len(archive_folders.copies(foreign)), len(archive_folders.copies(volume))) == (1, 1)
    assert archive_folders.chosen(volume.parent, "latest").name == "20261125T030000Z"


def test_what_the_pod_has_not_made_is_named(volume):
    for name in ("photos", "lost+found"):
        (volume.parent / name).mkdir()
    assert archive_folders.others(volume.parent) == ["photos"]


def test_folder_of_an_older_release_gets_the_name_of_the_pod(data, monkeypatch):
    monkeypatch.setenv("POSTGRES_ARCHIVE", "true")
    copy(data / "archive" / "20261125T010000Z", "20261125T020000Z")
    (data / archive.ID).write_text("20261125T010000Z")
    archive.prepare()
    assert archive.folder() == data / "archive" / FOLDER
    assert [path.name for path in archive_folders.bases(data / "archive")] == ["20261125T020000Z"]


def test_archive_that_cannot_be_written_is_told_and_stops_nothing(data, monkeypatch, capsys):
    monkeypatch.setenv("POSTGRES_ARCHIVE", "true")
    (data / "archive").touch()
    archive.prepare()
    assert "nothing is archived, " in capsys.readouterr().err
    assert "archive_mode = on" in (data / "conf").read_text()


def test_forgotten_pod_leaves_what_it_has_not_made(data):
    for name in (FOLDER, "photos"):
        (data / "archive" / name).mkdir(parents=True)
    archive.forget()
    assert [path.name for path in (data / "archive").iterdir()] == ["photos"]


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
