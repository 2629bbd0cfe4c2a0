"""An exchange of data by copying: whole, or undone at the next start, wherever it was killed."""

import contextlib
import fcntl
import shutil
from types import SimpleNamespace

import pytest

from dbtools import volume


@pytest.fixture
def folders(tmp_path):
    """Two data directories, the first one on a file system of its own."""
    for name in ("old", "new"):
        (tmp_path / name / "base").mkdir(parents=True)
        (tmp_path / name / "base" / "rows").write_text(name)
        (tmp_path / name / "PG_VERSION").write_text("17\n")
    (tmp_path / "old" / "only-old").touch()
    (tmp_path / "old" / "lost+found").mkdir()
    return tmp_path / "old", tmp_path / "new"


def content(folder):
    """The data of a folder: its rows, and the names beside them."""
    return (folder / "base" / "rows").read_text(), sorted(path.name for path in volume.entries(folder))


def test_two_volumes_exchange_their_data(folders):
    old, new = map(content, folders)
    volume.exchange(*folders)
    assert tuple(map(content, folders)) == (new, old)
    assert sorted(path.name for path in folders[0].iterdir()) == ["PG_VERSION", "base", "lost+found"]


class Killed(BaseException):
    """The end of a process in the middle of its work."""


STEPS = ["mkdir", "rename", "copytree", "copy2", "rmtree", "unlink"]


@pytest.mark.parametrize("nth", range(1, 4))
@pytest.mark.parametrize("step", STEPS)
def test_killed_exchange_leaves_either_data_whole(folders, monkeypatch, step, nth):
    old, new = map(content, folders)
    owner = shutil if hasattr(shutil, step) else type(folders[0])
    do, calls = getattr(owner, step), []

    def kill(*words, **options):
        calls.append(step)
        if len(calls) >= nth:
            raise Killed
        return do(*words, **options)

    with monkeypatch.context() as patch, contextlib.suppress(Killed):
        patch.setattr(owner, step, kill)
        volume.exchange(*folders)
    volume.undo(folders[0])
    volume.undo(folders[0])
    assert content(folders[0]) in (old, new)
    volume.exchange(*folders)
    assert not any(path.name.startswith(".former") for path in folders[0].iterdir())


def test_exchange_without_room_is_refused_in_words(folders, monkeypatch):
    monkeypatch.setattr(volume.shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(SystemExit, match="0 MB are to be copied, 0 MB of its disk are free"):
        volume.room(*folders)


def test_major_of_an_empty_volume_is_empty(tmp_path, capsys):
    volume.main("major", str(tmp_path))
    assert capsys.readouterr().out == "\n"


def test_data_that_a_server_uses_is_not_exchanged(folders):
    with (folders[0] / volume.LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(SystemExit, match="another container uses"):
            volume.main("exchange", *map(str, folders))
    assert content(folders[0])[0] == "old"


def test_volume_of_another_owner_is_refused_in_words(tmp_path):
    with pytest.raises(SystemExit, match=r"No such file or directory - look at its owner"):
        volume.main("exchange", str(tmp_path / "missing"), str(tmp_path))
