"""Folders exchange their names in one step."""

import pytest

from tasklib.volumes import swap_folders


def test_two_folders_exchange_their_names(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    swap_folders.exchange(str(tmp_path / "a"), str(tmp_path / "b"))
    assert (tmp_path / "a" / "b").exists()
    assert (tmp_path / "b" / "a").exists()


def test_nothing_is_exchanged_with_a_missing_folder(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError, match="No such file"):
        swap_folders.exchange(str(tmp_path / "a"), str(tmp_path / "b"))
    assert (tmp_path / "a").exists()
